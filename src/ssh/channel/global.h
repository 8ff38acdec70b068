/* global -- requests about the connection as a whole, in order, both ways.
 *
 * RFC 4254 §4. Replies carry no number: they are matched first in, first out. Requests of the peer
 * may be answered by the application in any order; the replies leave in the peer's order.
 */
#pragma once
#include "buf.h"
#include "ssh.h"
#include "wire.h"

enum { GLOBAL_MAX = 128 }; /* unanswered requests, each way */

struct global {
	struct { /* ours, waiting for the peer's reply: a ring */
		uint64_t ticket;
		bool silent; /* a keepalive: nobody is told of its reply */
	} sent[GLOBAL_MAX];
	unsigned sent_first, sent_n;

	struct { /* the peer's, waiting for ours: a ring of tickets from got_first on */
		bool answered, ok;
		struct buf data;
	} got[GLOBAL_MAX];
	uint64_t got_first; /* ticket of the oldest */
	unsigned got_n;
};

void global_finish(struct global *g);

/* keepalive@openssh.com: any reply is a sign of life. */
void global_alive(struct ssh *s);

enum err global_on_request(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err global_on_success(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err global_on_failure(struct ssh *s, struct wire *in, struct ssh_event *ev);
