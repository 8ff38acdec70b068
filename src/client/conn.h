/* conn -- one forwarded connection: a stream here (a socket, or standard input and output), joined
 * to a channel of the last hop.
 *
 * It begins in outbound.c, when something connects here (-L, -D, -W), or in inbound.c, when the far
 * end opens a channel (-R). What both share is here: its life, and the joining.
 */
#pragma once
#include "chain.h"
#include "list.h"
#include "proxy.h"
#include "spec.h"
#include "splice.h"
#include "ssh.h"
#include "stream.h"

struct client;
struct dial;

enum conn_stage {
	CONN_PROXY,   /* the client of a SOCKS port says where to */
	CONN_OPENING, /* our CHANNEL_OPEN waits for its answer */
	CONN_DIALING, /* the far end's channel waits for a connection here */
	CONN_ENDING,  /* the last words of a refusal are being sent into the channel */
	CONN_JOINED,
};

struct conn {
	struct list link; /* in client.conns */
	struct client *client;
	const struct forward_spec *spec;
	enum conn_stage stage;
	bool inbound, stdio, by_proxy, failed;
	struct stream *stream; /* NULL: not there yet, or closed */
	struct dial *dial;
	struct splice *splice;
	uint32_t chan;
	bool has_chan; /* chan is ours to close */
	struct proxy proxy;
	struct buf early;           /* to be sent into the channel before anything else */
	struct chain_waiter waiter; /* for early, while there is no splice */
	char from[64];              /* who connected; "" for a unix socket */
	uint16_t from_port;
	char where[400]; /* the target, for people */
};

/* In client.conns from now on. NULL when out of memory, which has been told. */
struct conn *conn_new(struct client *c, const struct forward_spec *spec);
/* Lets go of everything at once; the end of -W's is the client's. */
void conn_free(struct conn *n);
/* The same, and the channel is closed. */
void conn_give_up(struct conn *n);

/* The session with the last hop. */
struct ssh *conn_ssh(const struct conn *n);

/* Makes the stream of a descriptor, which is taken. False: out of memory, and n is as it was. */
bool conn_stream(struct conn *n, int rfd, int wfd);

/* Channel and stream are both there: n.early goes first, then whatever comes. May free it. */
void conn_join(struct conn *n);
/* Frees it if it is done. */
void conn_check(struct conn *n);

/* An SSH_CHAN_* event of the connection that is its .chan_ctx. May free it. */
void conn_event(struct conn *n, const struct ssh_event *ev);

/* The chain is dead: what has come is still written. */
void conn_chain_gone(struct client *c);
void conn_free_all(struct client *c);
