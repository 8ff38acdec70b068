#include "see.h"

#include "proctext.h"
#include "see_run.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	see_command *run;
	unsigned least, most; /* words behind it */
	const char *usage, *about;
} commands[] = {
	{ "proc", see_proc, 1, UINT16_MAX, "PID|:PORT|PATTERN...", "all about these processes" },
	{ "files", see_files, 0, UINT16_MAX, "PID|PATH|all...", "what a process holds, who holds a file" },
	{ "sock", see_sock, 0, UINT16_MAX, "HOST:PORT|:PORT|all...", "sockets and who holds them" },
	{ "origin", see_origin, 1, UINT16_MAX, "PID|:PORT|PATTERN...", "why it runs, and who began it" },
	{ "tree", see_tree, 0, 1, "[PID]", "who started whom" },
	{ "watch", see_watch, 0, 0, "", "each fork, exec and exit as it happens" },
	{ "top", see_top, 0, 0, "", "processes and their connections, full screen" },
};

enum option_code {
	OPT_JSON = 256,
	OPT_ENV,
	OPT_THREADS,
	OPT_MAPS,
	OPT_HASH,
	OPT_DELETED,
	OPT_MOUNT,
	OPT_SORT,
	OPT_COUNT,
	OPT_SECONDS,
	OPT_PROC,
};

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "env", no_argument, NULL, OPT_ENV },
	{ "threads", no_argument, NULL, OPT_THREADS },
	{ "maps", no_argument, NULL, OPT_MAPS },
	{ "hash", no_argument, NULL, OPT_HASH },
	{ "deleted", no_argument, NULL, OPT_DELETED },
	{ "mount", no_argument, NULL, OPT_MOUNT },
	{ "sort", required_argument, NULL, OPT_SORT },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "for", required_argument, NULL, OPT_SECONDS },
	{ "proc", required_argument, NULL, OPT_PROC },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

void see_say(const char *fmt, ...)
{
	va_list args;

	fputs("ginnel: see: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

int see_cannot(enum why why)
{
	if (why == WHY_DENIED)
		see_say("the processes of this machine may not be listed by this user; try as root");
	else
		see_say("the processes could not be read: %s; is there memory, and are there free "
		        "descriptors (ulimit -n)?",
		        why_text(why));
	return SEE_FAILED;
}

int see_status(const struct see_run *r, bool found)
{
	const struct snapshot *snap = &r->view.snap;
	bool missing = r->view.incomplete || snap->invisible || r->view.sockets.why != WHY_OK;

	if (snap->invisible)
		see_say("this /proc shows only some processes (hidepid); as root there is more");
	if (r->view.incomplete)
		see_say("some of it could not be read, and each such place says why; as root there "
		        "is more");
	if (missing)
		return SEE_INCOMPLETE;
	return found ? SEE_OK : SEE_NOTHING;
}

bool see_number(const char *word, uint32_t *number)
{
	struct slice s = slice_of(word);

	return s.n > 0 && *s.p >= '0' && *s.p <= '9' && proctext_u32(&s, 10, number) && s.n == 0;
}

static int usage(FILE *to, int status)
{
	fputs("usage: ginnel see COMMAND [OPTION...] [WHAT...]\n", to);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-7s %-24s %s\n", commands[i].name, commands[i].usage,
		        commands[i].about);
	fputs("options: --json, --env, --threads, --hash (proc); --maps, --deleted, --mount (files);\n"
	      "  --sort KEY, --count N (top); --count N, --for SECONDS (watch); --proc DIRECTORY\n"
	      "see ginnel-see(1)\n",
	      to);
	return status;
}

/* A number behind an option; says what is wrong with it. */
static bool read_count(const char *option, const char *word, uint64_t *n)
{
	uint32_t v;

	if (!see_number(word, &v) || v == 0) {
		see_say("--%s wants a whole number above 0, not \"%s\"", option, word);
		return false;
	}
	*n = v;
	return true;
}

static bool take_option(struct see_run *r, int code)
{
	switch (code) {
	case OPT_JSON: r->json = true; return true;
	case OPT_ENV: r->env = true; return true;
	case OPT_THREADS: r->threads = true; return true;
	case OPT_MAPS: r->maps = true; return true;
	case OPT_HASH: r->hash = true; return true;
	case OPT_DELETED: r->deleted = true; return true;
	case OPT_MOUNT: r->mount = true; return true;
	case OPT_SORT: r->sort = optarg; return true;
	case OPT_PROC: r->proc = optarg; return true;
	case OPT_COUNT: return read_count("count", optarg, &r->count);
	case OPT_SECONDS: return read_count("for", optarg, &r->seconds);
	default: return false;
	}
}

/* Reads the options; false with *status set when the run ends here. */
static bool parse(struct see_run *r, int argc, char **argv, int *status)
{
	int code;

	optind = 0; /* a fresh start: the caller may have used getopt() before */
	opterr = 0;
	while ((code = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (code == 'h') {
			*status = usage(stdout, SEE_OK);
			return false;
		}
		if (code == '?')
			see_say("%s: no such option, or its value is missing; see ginnel see --help",
			        argv[optind - 1]);
		if (!take_option(r, code)) {
			*status = SEE_USAGE;
			return false;
		}
	}
	r->argc = argc - optind;
	r->argv = argv + optind;
	return true;
}

static int run(struct see_run *r, see_command *command)
{
	int status;

	r->proc_fd = open(r->proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->proc_fd < 0) {
		see_say("%s cannot be opened: %s; is it a mounted proc file system?", r->proc,
		        strerror(errno));
		return SEE_FAILED;
	}
	out_init(&r->out, STDOUT_FILENO, r->json);
	view_init(&r->view, r->proc_fd, &r->out);
	status = command(r);
	if (!out_flush(&r->out)) {
		see_say("the answer could not be written whole: the output is closed or full");
		status = SEE_FAILED;
	}
	view_finish(&r->view);
	out_finish(&r->out);
	close(r->proc_fd);
	return status;
}

static int no_such(const char *word)
{
	const char *names[ARRAY_LEN(commands)], *near;
	char clean[80];

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		names[i] = commands[i].name;
	near = text_nearest(word, names, ARRAY_LEN(names));
	text_clean(slice_of(word), clean, sizeof clean);
	if (near != NULL)
		see_say("there is no command \"%s\"; did you mean \"%s\"?", clean, near);
	else
		see_say("there is no command \"%s\"; see ginnel see --help", clean);
	return SEE_USAGE;
}

int cmd_see(int argc, char **argv)
{
	struct see_run r = { .proc = "/proc" };
	int status = SEE_OK;
	char *word;

	if (!parse(&r, argc, argv, &status))
		return status;
	if (r.argc == 0)
		return usage(stderr, SEE_USAGE);
	word = r.argv[0];
	r.argc--;
	r.argv++;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(word, commands[i].name) != 0)
			continue;
		if ((unsigned)r.argc < commands[i].least || (unsigned)r.argc > commands[i].most) {
			see_say("usage: ginnel see %s %s", word, commands[i].usage);
			return SEE_USAGE;
		}
		return run(&r, commands[i].run);
	}
	return no_such(word);
}
