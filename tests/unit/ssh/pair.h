/* pair -- two engines, a client and a server, joined by nothing but memory.
 *
 * For tests: the pair answers what an application would (trust the host key, sign, log in), moves
 * the bytes of each to the other in pieces of a chosen size, and hands out the events that remain.
 */
#pragma once
#include <stdio.h>

#include "keypair.h"
#include "rng.h"
#include "ssh.h"

struct pair_end {
	struct ssh_conf conf;
	struct ssh *ssh;
	struct rng rng;
	uint64_t seed;
	struct ssh_event ev;
};

struct pair {
	struct pair_end client, server;
	struct keypair *host_key, *user_key;
	struct buf host_blob, user_blob;
	struct slice host_keys[1];
	size_t chop; /* bytes handed over at a time; 0: all */
	uint64_t now;
	bool ready_client, ready_server;
};

/* Both ends configured with the defaults, not started; change conf before pair_start(). */
void pair_init(struct pair *p);
void pair_start(struct pair *p);
void pair_finish(struct pair *p);

/* Moves bytes and answers questions until neither side has anything to say. Every other event is
 * given to the callback, which may call the engine. */
typedef void pair_watch(struct pair *p, struct pair_end *from, struct ssh_event *ev, void *ctx);
void pair_run(struct pair *p, pair_watch *watch, void *ctx);

/* A channel payload in a packet with the room that the end asks for. */
struct pkt *pair_payload(const struct pair_end *e, struct slice data);
