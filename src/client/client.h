/* client -- one `ginnel ssh`: a route, the chain of sessions along it, and the forwards at its end.
 *
 * Puts the machines without I/O (chain, forward) on sockets (io) and answers their questions (trust,
 * login). One process, one loop, no pipe.
 */
#pragma once
#include "base.h"
#include "config_env.h"
#include "route.h"
#include "say.h"
#include "spec.h"

struct client;
struct daemon;

struct client_setup {
	const struct config_env *env;
	struct say *say;
	const struct route *route;
	const struct forward_spec *forwards;
	size_t forwards_n;
	struct daemon *daemon; /* -f: told when everything is ready; NULL: stay; taken */
	bool keep_stderr;      /* -f with -E */
};

/* How it ended. */
struct client_end {
	int status; /* exit status: 0, or 255 for an error of ours, which has been told */
	int signum; /* the signal that ended it, else 0 */
};

/* Runs until the connection ends, a signal comes, or -W is done. Borrows all of setup. */
struct client_end client_run(const struct client_setup *setup);
