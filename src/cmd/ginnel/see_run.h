/* see_run -- one run of `ginnel see`: its options, and what its subcommands share. */
#pragma once
#include "view.h"

enum see_exit { SEE_OK = 0, SEE_NOTHING = 1, SEE_USAGE = 2, SEE_INCOMPLETE = 3, SEE_FAILED = 4 };

struct see_run {
	bool json, env, threads, maps, hash, deleted, mount;
	const char *sort;  /* column of `top`; NULL: the usual */
	uint64_t count;    /* of `watch` and `top`: end after so many events or pictures; 0: never */
	uint64_t seconds;  /* of `watch`: end after this time; 0: never */
	const char *proc;  /* path of the /proc directory */
	int proc_fd;
	int argc;          /* words behind the subcommand */
	char **argv;
	struct out out;
	struct view view;
};

typedef int see_command(struct see_run *r);
see_command see_proc, see_files, see_sock, see_tree, see_origin, see_watch, see_top;

/* A sentence on standard error, after "ginnel: see: ". */
void see_say(const char *fmt, ...) PRINTF(1, 2);

/* Says why nothing could be read at all; returns SEE_FAILED. */
int see_cannot(enum why why);

/* The exit status when all is written, with found things or without, and says what is missing. */
int see_status(const struct see_run *r, bool found);

/* A whole decimal number of 32 bits. */
bool see_number(const char *word, uint32_t *number);
