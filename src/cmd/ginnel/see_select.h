/* see_select -- which processes the words of a command line mean: PID, :PORT or PATTERN. */
#pragma once
#include "see_run.h"

struct see_pids {
	uint32_t *pid; /* owned */
	size_t n, cap;
};

/* Adds the pids that word means to pids: a number is itself, also without such a process; ":80" is
 * whoever holds a socket with that local port; another word is part of a name or of a command line,
 * never our own. The first word that is no number reads all processes into r->view. False: memory
 * ran out, or nothing could be read. */
MUST_USE bool see_select(struct see_run *r, const char *word, struct see_pids *pids);
void see_pids_free(struct see_pids *pids);

/* A port number behind a colon, ":80". */
bool see_port(const char *word, uint16_t *port);
