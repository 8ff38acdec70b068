#include "ssh_command.h"

#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "algorithms.h"
#include "client.h"
#include "config_os.h"
#include "daemon.h"
#include "dump.h"
#include "route.h"
#include "say.h"
#include "spec.h"
#include "ssh_args.h"
#include "version.h"

enum { FAILED = 255 };

const char ssh_command_usage[] =
    "Usage: ginnel ssh [-46fgNqTv] [-L [bind:]port:host:port] [-R [bind:]port:host:port]\n"
    "                  [-D [bind:]port] [-W host:port] [-J [user@]host[:port],...]\n"
    "                  [-F config] [-i key] [-l user] [-p port] [-o option] [-b address]\n"
    "                  [-c ciphers] [-m macs] [-E log] [-G] [-V] [user@]host\n"
    "\n"
    "  -L  listen here, connect from there          -J  go through these hosts, in order\n"
    "  -R  listen there, connect from here          -W  standard input and output instead\n"
    "  -D  a SOCKS and HTTP proxy here (-R port: there)\n"
    "  -N  no shell (there is none here anyway)     -f  go to the background once all is ready\n"
    "  -v  say what each hop was, and how long it took\n"
    "\n"
    "Keys, agent, known_hosts and ~/.ssh/config are used as ssh uses them.\n"
    "\n"
    "  ginnel ssh -J bastion,inner -L 5432:db:5432 app     psql -h localhost\n"
    "  ginnel ssh -D 1080 office                           a browser with SOCKS localhost:1080\n"
    "  ginnel ssh -R 8080:localhost:3000 server            show what runs here on server:8080\n";

struct setup {
	struct config_os os;
	struct algorithms algorithms;
	struct config_errors errs;
	struct ssh_args args;
	struct route route;
	struct forward_spec *forwards;
	size_t forwards_n;
	struct say say;
};

static void tell_errors(const struct setup *s)
{
	char text[1024];

	for (size_t i = 0; i < s->errs.n; i++)
		say(&s->say, SAY_ERROR, NULL, "%s",
		    config_error_text(&s->errs.v[i], text, sizeof text));
}

/* ---- the forwards ---- */

static int service_port(void *ctx, const char *name)
{
	struct servent *s = getservbyname(name, "tcp");

	(void)ctx;
	return s == NULL ? -1
	                 : (int)(uint16_t)(((unsigned)s->s_port & 0xff) << 8 |
	                                   ((unsigned)s->s_port >> 8 & 0xff));
}

static enum err add_forwards(struct setup *s, enum forward_kind kind, const struct words *words)
{
	const struct forward_services services = { service_port, NULL };
	char why[FORWARD_WHY];
	enum err e;

	for (size_t i = 0; i < words->n; i++) {
		e = forward_spec_parse(&s->forwards[s->forwards_n], kind, words->v[i], &services,
		                       why);
		if (e != ERR_OK) {
			config_error_add(&s->errs, NULL, 0, "%s", why);
			return e;
		}
		s->forwards_n++;
	}
	return ERR_OK;
}

static enum err read_forwards(struct setup *s)
{
	const struct ssh_options *o = &s->route.hop[s->route.n - 1];
	struct words stdio = { (char *[]) { NULL }, 1 };
	size_t n = o->local_forward.n + o->remote_forward.n + o->dynamic_forward.n + 1;
	enum err e;

	s->forwards = calloc(n, sizeof *s->forwards);
	if (s->forwards == NULL)
		return ERR_NOMEM;
	e = add_forwards(s, FORWARD_LOCAL, &o->local_forward);
	if (e == ERR_OK)
		e = add_forwards(s, FORWARD_REMOTE, &o->remote_forward);
	if (e == ERR_OK)
		e = add_forwards(s, FORWARD_DYNAMIC, &o->dynamic_forward);
	if (e == ERR_OK && s->args.stdio != NULL) {
		stdio.v[0] = (char *)(uintptr_t)s->args.stdio; /* only read */
		e = add_forwards(s, FORWARD_STDIO, &stdio);
	}
	return e;
}

/* ---- what is asked for ---- */

static enum err plan(struct setup *s)
{
	const struct ssh_query q = { .host = s->args.dest.host,
		                     .config_file = s->args.config_file };
	enum err e = route_plan(&s->route, &s->os.env, &s->args.o, &q, &s->errs);

	if (e == ERR_OK)
		e = read_forwards(s);
	return e;
}

static bool refuses(const struct setup *s)
{
	const struct ssh_options *o = &s->route.hop[s->route.n - 1];

	if (s->args.command_n > 0 || o->remote_command != NULL) {
		say(&s->say, SAY_ERROR, NULL,
		    "running a command on the far side is not built yet; use ssh for that");
		return true;
	}
	if (o->refuse_connection != NULL) {
		say(&s->say, SAY_ERROR, NULL, "RefuseConnection: %s", o->refuse_connection);
		return true;
	}
	if (s->forwards_n == 0 && o->session_type != SESSION_NONE) {
		say(&s->say, SAY_ERROR, NULL,
		    "nothing to forward: give -L, -R, -D or -W (a shell is not built yet; -N only "
		    "holds the connection)");
		return true;
	}
	return false;
}

static void set_levels(struct setup *s)
{
	int level = s->route.hop[s->route.n - 1].log_level;

	s->say.silent = level == LOG_LEVEL_QUIET;
	s->say.most = level <= LOG_LEVEL_ERROR    ? SAY_ERROR
	              : level == LOG_LEVEL_INFO   ? SAY_INFO
	              : level <= LOG_LEVEL_DEBUG1 ? SAY_VERBOSE
	                                          : SAY_DEBUG;
	if (s->args.verbose > 0)
		s->say.most = s->args.verbose == 1 ? SAY_VERBOSE : SAY_DEBUG;
}

static int show_options(const struct setup *s)
{
	struct buf out = BUF_EMPTY;
	enum err e = dump_options(&s->route.hop[s->route.n - 1], &s->os.env, &out);

	if (e == ERR_OK)
		fwrite(out.p, 1, out.n, stdout);
	buf_finish(&out);
	return e == ERR_OK ? 0 : FAILED;
}

/* ---- running ---- */

static int run(struct setup *s, struct daemon *daemon)
{
	struct client_end end =
	    client_run(&(struct client_setup) { .env = &s->os.env,
	                                        .say = &s->say,
	                                        .route = &s->route,
	                                        .forwards = s->forwards,
	                                        .forwards_n = s->forwards_n,
	                                        .daemon = daemon,
	                                        .keep_stderr = s->args.log_file != NULL });

	if (end.signum != 0) { /* so that the shell and the service manager see what it was */
		signal(end.signum, SIG_DFL);
		raise(end.signum);
	}
	return end.status;
}

static int run_in_background(struct setup *s)
{
	struct daemon *daemon;
	struct err_text why;
	int status = FAILED;

	if (daemon_begin(&daemon, &status, &why) != ERR_OK) {
		say(&s->say, SAY_ERROR, NULL, "%s", why.text);
		return FAILED;
	}
	return daemon == NULL ? status : run(s, daemon);
}

static int start(struct setup *s)
{
	set_levels(s);
	if (s->args.dump)
		return show_options(s);
	if (refuses(s))
		return FAILED;
	if (s->route.hop[s->route.n - 1].fork_after_authentication > 0)
		return run_in_background(s);
	return run(s, NULL);
}

static int prepare_and_start(struct setup *s, int argc, char **argv)
{
	enum err e = config_os_init(&s->os);

	if (e != ERR_OK) {
		say(&s->say, SAY_ERROR, NULL,
		    "this user has no entry in the user database (uid %u)", (unsigned)getuid());
		return FAILED;
	}
	e = algorithms_init(&s->algorithms);
	if (e != ERR_OK) {
		say(&s->say, SAY_ERROR, NULL, "out of memory");
		return FAILED;
	}
	s->os.env.algos = &s->algorithms.lists;
	s->os.env.version = version_software;
	s->os.env.sha1 = algorithms_sha1;
	e = ssh_args_read(&s->args, argc, argv, &s->os.env, &s->errs);
	if (e == ERR_OK && s->args.version) {
		fprintf(stderr, "ginnel %s\n", version_number);
		return 0;
	}
	if (s->args.log_file != NULL && say_to_file(&s->say, s->args.log_file) != ERR_OK)
		say(&s->say, SAY_WARNING, NULL, "the log file %s cannot be opened",
		    s->args.log_file);
	if (e == ERR_NONE) {
		fputs(ssh_command_usage, stderr);
		return FAILED;
	}
	if (e == ERR_OK)
		e = plan(s);
	tell_errors(s);
	if (e != ERR_OK) {
		if (s->errs.n == 0)
			say(&s->say, SAY_ERROR, NULL, "the configuration could not be read: %s",
			    err_text(e));
		return FAILED;
	}
	return start(s);
}

int cmd_ssh(int argc, char **argv)
{
	struct setup *s = calloc(1, sizeof *s);
	int status = FAILED;

	if (s == NULL) {
		fputs("ginnel: out of memory\n", stderr);
		return FAILED;
	}
	say_init(&s->say);
	status = prepare_and_start(s, argc, argv);
	ssh_args_finish(&s->args);
	route_finish(&s->route);
	free(s->forwards);
	algorithms_finish(&s->algorithms);
	say_finish(&s->say);
	free(s);
	return status;
}
