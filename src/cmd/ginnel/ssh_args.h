/* ssh_args -- the options of `ginnel ssh`, which are ssh(1)'s, read into struct ssh_options.
 *
 * One table says for each letter which keyword of ssh_config(5) it stands for, or why it is refused.
 */
#pragma once
#include "config_env.h"
#include "config_error.h"
#include "ssh_options.h"

struct ssh_args {
	struct ssh_options o; /* what the options say, not loaded yet */
	struct destination dest;
	const char *config_file; /* -F */
	const char *log_file;    /* -E */
	const char *stdio;       /* -W */
	unsigned verbose;        /* -v's */
	bool dump;               /* -G */
	bool version;            /* -V */
	bool forwards_nothing;   /* -N */
	char **command;          /* what is left behind the destination */
	int command_n;
};

/* a needs no init; ssh_args_finish() it always. ERR_PROTO: errs says what is wrong. ERR_NONE: no
 * destination was given. ERR_NOMEM. */
MUST_USE enum err ssh_args_read(struct ssh_args *a, int argc, char **argv,
                                const struct config_env *env, struct config_errors *errs);
void ssh_args_finish(struct ssh_args *a);
