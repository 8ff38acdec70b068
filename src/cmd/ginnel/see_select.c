#include "see_select.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool see_port(const char *word, uint16_t *port)
{
	uint32_t v;

	if (*word != ':' || !see_number(word + 1, &v) || v == 0 || v > UINT16_MAX)
		return false;
	*port = (uint16_t)v;
	return true;
}

void see_pids_free(struct see_pids *pids)
{
	free(pids->pid);
	*pids = (struct see_pids) { NULL, 0, 0 };
}

static bool add(struct see_pids *l, uint32_t pid)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->pid[i] == pid)
			return true;
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 16 : l->cap * 2;
		uint32_t *bigger = realloc(l->pid, cap * sizeof *bigger);

		if (bigger == NULL)
			return false;
		l->pid = bigger;
		l->cap = cap;
	}
	l->pid[l->n++] = pid;
	return true;
}

static bool holds_port(const struct view *v, const struct seen_process *p, uint16_t port)
{
	for (uint32_t i = 0; i < p->fd_count; i++) {
		const struct seen_socket *s = p->fds[i].kind == KIND_SOCKET ?
		                                      sockets_find(&v->sockets, p->fds[i].ino) :
		                                      NULL;

		if (s != NULL && sockets_is_inet(&s->s) && s->s.local_port == port)
			return true;
	}
	return false;
}

/* Arguments stand with NULs between them; a pattern may span them as it would with blanks. */
static bool in_arguments(struct slice argv, const char *pattern)
{
	size_t len = strlen(pattern);

	for (size_t at = 0; at + len <= argv.n; at++) {
		size_t i = 0;

		while (i < len && (argv.p[at + i] == (uint8_t)pattern[i] ||
		                   (argv.p[at + i] == 0 && pattern[i] == ' ')))
			i++;
		if (i == len)
			return true;
	}
	return false;
}

static bool is_named(const struct seen_process *p, const char *pattern)
{
	struct slice comm = seen_comm(p);

	if (p->pid == (uint32_t)getpid())
		return false;
	return memmem(comm.p, comm.n, pattern, strlen(pattern)) != NULL ||
	       in_arguments(p->argv, pattern);
}

bool see_select(struct see_run *r, const char *word, struct see_pids *pids)
{
	const struct snapshot *snap = &r->view.snap;
	uint32_t pid;
	uint16_t port = 0;
	bool by_port, ok = true;

	if (see_number(word, &pid))
		return add(pids, pid);
	by_port = see_port(word, &port);
	if (snap->processes == NULL &&
	    view_take(&r->view, SCAN_FDS | SCAN_ARGV | SCAN_USER, 0, true) != WHY_OK)
		return false;
	for (size_t i = 0; i < snap->count && ok; i++)
		if (by_port ? holds_port(&r->view, snap->processes[i], port) :
		              is_named(snap->processes[i], word))
			ok = add(pids, snap->processes[i]->pid);
	return ok;
}
