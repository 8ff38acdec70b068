/* inside -- the inside of struct client, shared by client.c, forwards.c and conn.c only. */
#pragma once
#include "chain.h"
#include "client.h"
#include "host.h"
#include "list.h"
#include "pkt.h"

struct dial;
struct forwards;
struct loop;
struct process;
struct sigwatch;
struct stream;
struct timer;

struct client {
	const struct client_setup *setup;
	struct surroundings around;
	struct host hops[ROUTE_MAX];
	unsigned hops_n;
	struct chain *chain;
	struct dial *dial;
	struct process *proxy; /* ProxyCommand */
	struct stream *sock;
	struct pktq out; /* sealed, on their way into the socket */
	struct timer *timer;
	struct timer *linger; /* bounds how long the last bytes may take to leave */
	struct sigwatch *signals[3];
	uint8_t *rx_buf;
	struct forwards *forwards;
	struct list conns;
	bool in_pump, pump_again, ending;
	struct client_end end;
};

/* Takes what the chain has to say and sends what it has to send. Call it after anything that may
 * have queued something. */
void client_pump(struct client *c);

/* Begins to end: DISCONNECT leaves first. */
void client_stop(struct client *c, int status);

/* The last hop, where forwards are. */
struct host *client_last(struct client *c);
