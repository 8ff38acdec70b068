/* see proc, see origin -- all about a process, and why it runs. */
#include "hash.h"
#include "origin.h"
#include "procline.h"
#include "see_run.h"
#include "see_select.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEX = 2 * 32 + 1 }; /* SHA-256 in text */

/* What the kernel numbers init's namespaces where there is no init to ask (linux/nsfs.h). */
static void read_init(const struct procfs *fs, uint64_t ns[static PROCESS_NAMESPACES])
{
	/* In the order of process_namespaces[]; mnt and net are numbered so since Linux 6.18. */
	static const uint64_t fixed[PROCESS_NAMESPACES] = { 4026531835, 4026531839, 4026531832,
		                                            4026531833, 4026531836, 4026531834,
		                                            4026531837, 4026531838 };
	struct process init;

	memcpy(ns, fixed, sizeof fixed);
	if (process_read(fs, 1, false, &init) == WHY_OK && init.why_ns == WHY_OK)
		memcpy(ns, init.ns, sizeof init.ns);
	process_finish(&init);
}

static bool hash_file(int fd, uint8_t digest[static HASH_MAX])
{
	uint8_t room[65536];
	struct hash *h = hash_new(HASH_SHA256);
	ssize_t n = -1;
	bool ok = false;

	if (h != NULL) {
		while ((n = read(fd, room, sizeof room)) > 0)
			hash_update(h, (struct slice) { room, (size_t)n });
		ok = n == 0 && hash_final(h, digest) == ERR_OK;
	}
	hash_free(h);
	return ok;
}

/* Of the file that runs, by /proc, also when no name leads to it any more. */
static enum why hash_exe(const struct process *p, char hex[static HEX])
{
	uint8_t digest[HASH_MAX];
	int fd = openat(p->at.dir, "exe", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ok;

	if (fd < 0)
		return why_errno(errno);
	ok = hash_file(fd, digest);
	close(fd);
	for (size_t i = 0; i < 32 && ok; i++) {
		hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	hex[HEX - 1] = '\0';
	return ok ? WHY_OK : WHY_FAILED;
}

static enum why show_process(struct see_run *r, uint32_t pid, const uint64_t *init_ns)
{
	struct procline_want want = { .env = r->env, .threads = r->threads, .init_ns = init_ns };
	struct process p;
	char hex[HEX];
	enum why why = process_read(&r->view.fs, pid, true, &p);

	if (why == WHY_OK) {
		if (r->hash)
			want.why_hash = hash_exe(&p, hex);
		want.hash = r->hash && want.why_hash == WHY_OK ? hex : NULL;
		procline_write(&r->view, &p, &want);
	}
	process_finish(&p);
	return why;
}

/* Says that a process is not there; whether it exists all the same. */
static void say_missing(struct see_run *r, uint32_t pid, enum why why)
{
	if (why == WHY_HIDDEN) {
		see_say("process %u exists, but this /proc hides it (hidepid); try as root", pid);
		r->view.incomplete = true;
	} else if (why == WHY_GONE) {
		see_say("there is no process %u", pid);
	} else {
		see_say("process %u could not be read: %s", pid, why_text(why));
		r->view.incomplete = true;
	}
}

/* A number may be a thread's: then the process around it is meant. */
static uint32_t leader_of(struct see_run *r, uint32_t pid)
{
	uint32_t leader = process_of_thread(&r->view.fs, pid);

	if (leader != pid)
		see_say("%u is a thread of process %u", pid, leader);
	return leader;
}

static int show_all(struct see_run *r, const struct see_pids *pids, bool origin)
{
	uint64_t init_ns[PROCESS_NAMESPACES];
	size_t found = 0;

	read_init(&r->view.fs, init_ns);
	for (size_t i = 0; i < pids->n; i++) {
		uint32_t pid = leader_of(r, pids->pid[i]);
		enum why why = origin ? origin_write(&r->view, pid) : show_process(r, pid, init_ns);

		if (why == WHY_OK)
			found++;
		else
			say_missing(r, pid, why);
	}
	if (pids->n == 0)
		see_say("no process matches");
	return found < pids->n && !r->view.incomplete ? SEE_NOTHING : see_status(r, found > 0);
}

static int run(struct see_run *r, bool origin)
{
	struct see_pids pids = { NULL, 0, 0 };
	bool ok = true;
	int status;

	for (int i = 0; i < r->argc && ok; i++)
		ok = see_select(r, r->argv[i], &pids);
	if (ok && origin && r->view.snap.processes == NULL)
		ok = view_take(&r->view, SCAN_FDS | SCAN_USER, 0, true) == WHY_OK;
	status = ok ? show_all(r, &pids, origin) : see_cannot(WHY_FAILED);
	see_pids_free(&pids);
	return status;
}

int see_proc(struct see_run *r)
{
	return run(r, false);
}

int see_origin(struct see_run *r)
{
	return run(r, true);
}
