/* see files -- what a process holds, and who holds a file, a mount, or what was deleted. */
#include "fdline.h"
#include "mountinfo.h"
#include "see_run.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* What is looked for, from one word of the command line. */
struct wanted {
	const char *path; /* NULL: any */
	bool exists;
	uint64_t dev, ino;
	bool whole_mount; /* everything on dev */
};

static bool matches(const struct wanted *w, const struct seen_fd *f)
{
	struct slice path;

	if (w->whole_mount)
		return f->mode != 0 && f->dev == w->dev;
	if (w->exists)
		return f->mode != 0 && f->dev == w->dev && f->ino == w->ino;
	/* Not there any more: by the name that it had. */
	path = seen_path(f);
	return (seen_deleted(f) || f->name_gone) && slice_is(path, w->path);
}

static size_t show_process(struct see_run *r, const struct seen_process *p, const struct wanted *w)
{
	size_t shown = 0;

	for (uint32_t i = 0; i < p->fd_count; i++) {
		const struct seen_fd *f = &p->fds[i];

		if ((r->deleted && !seen_deleted(f)) || (w != NULL && !matches(w, f)))
			continue;
		fdline_write(&r->view, f);
		shown++;
	}
	if (p->why_fds != WHY_OK && p->why_fds != WHY_GONE) {
		fdline_missing(&r->view, p, p->why_fds);
		shown++;
	}
	return shown;
}

static size_t show_all(struct see_run *r, const struct wanted *w)
{
	size_t shown = 0;

	for (size_t i = 0; i < r->view.snap.count; i++)
		shown += show_process(r, r->view.snap.processes[i], w);
	return shown;
}

/* Says what became of a pid that is not in the picture; its exit status. */
static int no_process(struct see_run *r, uint32_t pid)
{
	struct procfs_process p;
	struct buf b = BUF_EMPTY;
	enum why why = procfs_enter(&r->view.fs, pid, &p, &b);

	procfs_leave(&p);
	buf_finish(&b);
	if (why == WHY_HIDDEN) {
		see_say("process %u exists, but this /proc hides it (hidepid); try as root", pid);
		return SEE_INCOMPLETE;
	}
	see_say("there is no process %u", pid);
	return SEE_NOTHING;
}

static int files_of_pid(struct see_run *r, uint32_t pid)
{
	unsigned want = SCAN_FDS | SCAN_USER;
	enum why why = view_take(&r->view, want | (r->maps ? SCAN_MAPS : 0), pid, true);
	const struct seen_process *p;

	if (why != WHY_OK)
		return see_cannot(why);
	p = snapshot_find(&r->view.snap, pid);
	if (p == NULL)
		return no_process(r, pid);
	fdline_heading(&r->view);
	return see_status(r, show_process(r, p, NULL) > 0);
}

static int files_of_all(struct see_run *r, const struct wanted *w)
{
	unsigned want = SCAN_FDS | SCAN_USER | (r->maps || w != NULL ? SCAN_MAPS : 0);
	enum why why = view_take(&r->view, want, 0, true);

	if (why != WHY_OK)
		return see_cannot(why);
	fdline_heading(&r->view);
	return see_status(r, show_all(r, w) > 0);
}

static int files_of_path(struct see_run *r, const char *path)
{
	struct wanted w = { .path = path, .whole_mount = r->mount };
	struct stat st;

	if (stat(path, &st) == 0) {
		w.exists = true;
		w.dev = st.st_dev;
		w.ino = st.st_ino;
	} else if (r->mount || errno != ENOENT || *path != '/') {
		see_say("%s: %s; give a process number, or a path that exists or did", path,
		        strerror(errno));
		return SEE_USAGE;
	}
	return files_of_all(r, &w);
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

static int one_word(struct see_run *r, const char *word)
{
	uint32_t pid;

	if (strcmp(word, "all") == 0)
		return files_of_all(r, NULL);
	if (see_number(word, &pid))
		return files_of_pid(r, pid);
	return files_of_path(r, word);
}

int see_files(struct see_run *r)
{
	int status = SEE_OK;

	if (r->argc == 0)
		return files_of_all(r, NULL);
	for (int i = 0; i < r->argc; i++) {
		if (i > 0) { /* each word gets a picture of its own */
			view_finish(&r->view);
			view_init(&r->view, r->proc_fd, &r->out);
		}
		status = worse(status, one_word(r, r->argv[i]));
	}
	return status;
}
