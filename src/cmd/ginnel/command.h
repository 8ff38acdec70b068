/* command -- the table of ginnel's commands: what `ginnel NAME` runs and what help says of it. */
#pragma once
#include <stddef.h>

struct command {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit status */
	const char *brief;                 /* one line */
	const char *usage;                 /* what `ginnel help NAME` prints */
};

const struct command *command_find(const char *name); /* NULL: there is none */
const struct command *command_at(size_t i);           /* NULL behind the last */
const char *command_nearest(const char *name);        /* for "did you mean"; may be NULL */
