/* chain -- sessions inside sessions: a path of SSH servers, each reached through the one before.
 *
 *     socket <-> hop 0 <-> direct-tcpip channel <-> hop 1 <-> ... <-> hop n-1 <-> channels
 *
 * A machine without I/O, of the same shape as struct ssh: bytes from the socket go in, events come
 * out, sealed packets go to the socket. Hop 0 is nearest to us (the outermost session); hop i is
 * asked for a channel to hop i+1 as soon as it lets us in, and the session with hop i+1 starts in it
 * (RFC 4254 §7.2). What hop i+1 seals is sealed again by hop i where it lies. A chain of one hop is
 * just a struct ssh in either role.
 *
 * The owner answers events with the functions of ssh.h on chain_ssh(hop). Channels for forwards are
 * opened on the last hop: chan_open(chain_ssh(c, chain_count(c) - 1), ...). After any such call
 * chain_tx_peek() finds what it queued.
 *
 * The first error ends the chain and is kept. Sizes are bytes, times nanoseconds.
 */
#pragma once
#include "base.h"
#include "list.h"
#include "ssh.h"

enum {
	CHAIN_MAX = 9,              /* hops: eight jump hosts and the destination */
	CHAIN_TX_MAX = 256 * 1024,  /* sealed bytes that may wait for the socket */
	CHAIN_TX_LEAST = 64 * 1024, /* chain_room() is 0 while less than this is free of them */
};

struct chain;

struct chain_hop {
	/* Copied; what it points to is borrowed until chain_free(). The room for the layers below
	 * is filled in here, but for the first hop. */
	const struct ssh_conf *conf;
	const struct rng *rng; /* borrowed until chain_free() */
	const char *name;      /* as the person calls it; copied */
	const char *host;      /* what the hop before connects to; copied; not used for the first */
	uint16_t port;
};

struct chain *chain_new(void);    /* NULL when out of memory */
void chain_free(struct chain *c); /* NULL is fine */

/* Adds the next hop, the one nearest to us first, before chain_start(). ERR_LIMIT: CHAIN_MAX are
 * there. ERR_NOMEM. */
MUST_USE enum err chain_add(struct chain *c, const struct chain_hop *hop);

/* Starts the first hop's session; there is at least one hop. ERR_NOMEM. */
MUST_USE enum err chain_start(struct chain *c, uint64_t now);

unsigned chain_count(const struct chain *c);
const char *chain_name(const struct chain *c, unsigned hop);
/* The session with a hop, NULL until it has started. */
struct ssh *chain_ssh(const struct chain *c, unsigned hop);

/* As ssh_rx(), ssh_rx_eof(), ssh_rx_full(): bytes of the socket to hop 0. p may be reused once
 * chain_next() has returned false. */
void chain_rx(struct chain *c, uint8_t *p, size_t n, uint64_t now);
void chain_rx_eof(struct chain *c, uint64_t now);
bool chain_rx_full(const struct chain *c);

/* The next thing that happened, and at which hop; false when nothing is left. Innermost first. The
 * channels that carry hops are dealt with inside; all else is handed out, SSH_READY of every hop
 * included. SSH_DEAD comes once, last, for the chain as a whole: see chain_error().
 *
 * Call it until it is false after chain_rx*(), chain_tick(), and after chain_tx_pop() has made
 * room: that is when channels in need of room get SSH_CHAN_ROOM. */
bool chain_next(struct chain *c, unsigned *hop, struct ssh_event *ev);

/* The oldest packet for the socket, or NULL. pop gives it to the caller. */
const struct pkt *chain_tx_peek(struct chain *c);
struct pkt *chain_tx_pop(struct chain *c);
size_t chain_tx_queued(const struct chain *c); /* bytes of memory in sealed packets, all hops */

uint64_t chain_deadline(const struct chain *c); /* UINT64_MAX: never */
void chain_tick(struct chain *c, uint64_t now);

/* Ends all sessions, the innermost first, each with a DISCONNECT (RFC 4253 §11.1); SSH_DEAD follows.
 * Send what chain_tx_pop() gives before the socket is closed. */
void chain_close(struct chain *c, uint32_t reason, const char *text);

/* ---- sending data on a channel of the last hop ---- */

/* A channel that would send: its place in the queue of those that wait for room. */
struct chain_waiter {
	struct list link;
	uint32_t chan;
	void *ctx; /* comes as .chan_ctx */
};
void chain_waiter_init(struct chain_waiter *w, uint32_t chan, void *ctx);
void chain_waiter_finish(
    struct chain_waiter *w); /* out of the queue; also before w's memory goes */

/* How many bytes chain_send() takes now so that they reach the socket in one packet, sealed in
 * place by every hop. When it is 0, SSH_CHAN_ROOM says when to ask again; channels get it in turn.
 * It is 0 too while others have waited longer. */
size_t chain_room(struct chain *c, struct chain_waiter *w);

/* Takes p, with p->len <= chain_room(), and these around its content. */
void chain_send(struct chain *c, uint32_t chan, struct pkt *p);
size_t chain_headroom(const struct chain *c);
size_t chain_tailroom(const struct chain *c);

/* ---- what is known ---- */

struct chain_error {
	enum err code;
	unsigned hop;     /* where it happened */
	unsigned said_by; /* the hop whose server said so; CHAIN_MAX: we ourselves */
	const char *text; /* safe to show, without the hop's name before it; "" while all is well */
};
struct chain_error chain_error(const struct chain *c);

struct chain_info {
	unsigned ready;  /* hops that are logged in */
	uint64_t copied; /* bytes that had to be copied on the way down, in all hops */
	uint64_t split;  /* packets cut in two because a hop's window was too small for them */
};
void chain_info(const struct chain *c, struct chain_info *info);
