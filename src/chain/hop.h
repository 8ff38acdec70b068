/* hop -- one session of a chain, and the channel in it that carries the next one. Private to chain.
 *
 * Down: sealed packets of the inner session become channel data of the outer one, in the same
 * memory. A packet that is longer than the outer window is cut in two, so that a peer with tiny
 * windows slows a chain but never stops it; the smaller part is copied. Up: channel data is lent to
 * the inner session; while that takes no more (ssh_rx_full) it is kept, at most one window of it.
 */
#pragma once
#include "base.h"
#include "buf.h"
#include "chain.h"
#include "pkt.h"
#include "ssh.h"

struct hop {
	struct ssh_conf conf;
	const struct rng *rng;
	char *name, *host;
	uint16_t port;
	struct ssh *ssh; /* NULL until it has started */
	bool ready, dead;

	enum { JUMP_NONE, JUMP_OPENING, JUMP_OPEN, JUMP_GONE } jump; /* to the next hop */
	uint32_t jump_chan;

	struct pkt *rest; /* a sealed packet that is partly sent; goes before all others */
	struct buf kept;  /* received for this hop, not lent yet */
	struct buf lent;  /* what was kept and is lent now */
	bool eof_kept;    /* the end of input follows what is kept */
	uint64_t copied, split;
};

MUST_USE enum err hop_init(struct hop *h, const struct chain_hop *from); /* ERR_NOMEM */
void hop_finish(struct hop *h);

/* Starts the session; outer carries it, or is NULL for the first. ERR_NOMEM. */
MUST_USE enum err hop_start(struct hop *h, const struct hop *outer, uint64_t now);

/* Asks h for a channel to next. ERR_NOMEM, ERR_LIMIT. */
MUST_USE enum err hop_jump(struct hop *h, const struct hop *next);
bool hop_is_jump(const struct hop *h, const struct ssh_event *ev); /* is it about that channel? */

/* The oldest sealed packet that waits. */
const struct pkt *hop_peek(const struct hop *h);
size_t hop_queued(const struct hop *h); /* bytes of memory in them */

/* Moves sealed packets of inner down into outer as far as there is room. ERR_NOMEM. */
MUST_USE enum err hop_down(struct hop *inner, struct hop *outer);

/* How many bytes of a sealed packet of inner go down into one packet of outer that is sealed to no
 * more than limit; 0: none now. */
size_t hop_room(const struct hop *inner, const struct hop *outer, size_t limit);

/* Data for inner came in outer's channel; lends it to inner, or keeps it. ERR_NOMEM. */
MUST_USE enum err hop_up(struct hop *inner, struct hop *outer, struct span data, uint64_t now);
void hop_up_eof(struct hop *inner, uint64_t now);

/* inner has no event left: lends it what was kept, if it takes it now. False: nothing was lent. */
bool hop_resume(struct hop *inner, struct hop *outer, uint64_t now);
