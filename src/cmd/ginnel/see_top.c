/* see top -- processes and their connections on the full screen, drawn anew every two seconds.
 *
 * ncurses. Arrows choose a process, whose connections stand below; c m n p o sort; q ends.
 */
#include "load.h"
#include "see_run.h"
#include "text.h"

/* curses.h defines short words as macros: it comes last. */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <curses.h>

enum { EVERY_MS = 2000, TITLE_ROWS = 2, DETAIL_ROWS = 10, LINE = 512 };

struct screen {
	struct see_run *r;
	struct load load;
	enum load_sort sort;
	size_t chosen, top; /* rows of load */
	uint64_t pictures;
};

static uint64_t now_ns(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static bool take_picture(struct screen *s)
{
	struct load before = s->load;
	bool ok;

	view_finish(&s->r->view);
	view_init(&s->r->view, s->r->proc_fd, &s->r->out);
	load_sort(&before, LOAD_PID);
	ok = view_take(&s->r->view, SCAN_FDS | SCAN_USER | SCAN_ARGV, 0, true) == WHY_OK &&
	     load_take(&s->load, &s->r->view.snap, &s->r->view.sockets, &before, now_ns());
	load_free(&before); /* its processes went with the old view */
	if (ok)
		load_sort(&s->load, s->sort);
	s->pictures++;
	return ok;
}

static void human_size(uint64_t bytes, char *text, size_t size)
{
	static const char units[] = "BKMGTPE";
	size_t u = 0;

	while (bytes >= 10240 && u + 2 < sizeof units) {
		bytes /= 1024;
		u++;
	}
	snprintf(text, size, "%llu%c", (unsigned long long)bytes, units[u]);
}

/* A command line for people: blanks for the NULs between arguments, or the name in brackets. */
static void command_text(const struct seen_process *p, char *text, size_t size)
{
	uint8_t words[LINE / 2];
	size_t n = p->argv.n < sizeof words ? p->argv.n : sizeof words;

	if (n == 0) {
		text_clean(seen_comm(p), text, size);
		return;
	}
	for (size_t i = 0; i < n; i++)
		words[i] = p->argv.p[i] == 0 ? ' ' : p->argv.p[i];
	text_clean((struct slice) { words, n - (words[n - 1] == ' ' ? 1 : 0) }, text, size);
}

static void draw_row(const struct screen *s, size_t i, int y)
{
	const struct load_row *row = &s->load.rows[i];
	const char *user = users_user(s->r->view.users, row->process->uid);
	char line[LINE + 64], command[LINE], memory[24], number[16];

	snprintf(number, sizeof number, "%u", row->process->uid);
	human_size(row->memory, memory, sizeof memory);
	command_text(row->process, command, sizeof command);
	snprintf(line, sizeof line, "%7u %-10.10s %6.1f %7s %5u  %s", row->pid,
	         user != NULL ? user : number, row->cpu, memory, row->connections, command);
	if (i == s->chosen)
		attron(A_REVERSE);
	mvaddnstr(y, 0, line, COLS);
	if (i == s->chosen)
		attroff(A_REVERSE);
}

static void socket_line(const struct screen *s, const struct seen_fd *f, char *line, size_t size)
{
	const struct view *v = &s->r->view;
	const struct seen_socket *k = sockets_find(&v->sockets, f->ino);
	const struct seen_fd *peer = NULL;
	char local[SOCKETS_ADDRESS_MAX], far[SOCKETS_ADDRESS_MAX], comm[80] = "";
	size_t n;

	line[0] = '\0';
	if (k == NULL || !sockets_is_inet(&k->s))
		return;
	n = ends_peers(&v->ends, f, &peer, 1);
	if (n > 0)
		text_clean(seen_comm(peer->process), comm, sizeof comm);
	snprintf(line, size, "   fd %-5u %-5s %s -> %s %s%s%s", f->number, sockets_protocol(&k->s),
	         sockets_address(&k->s, false, local), sockets_address(&k->s, true, far),
	         sockets_state(&k->s), n > 0 ? "  = " : "", comm);
}

static void draw_connections(const struct screen *s, int y)
{
	const struct seen_process *p;
	char line[LINE];

	if (s->chosen >= s->load.count)
		return;
	p = s->load.rows[s->chosen].process;
	snprintf(line, sizeof line, "connections of process %u", p->pid);
	mvaddnstr(y++, 0, line, COLS);
	for (uint32_t i = 0; i < p->fd_count && y < LINES; i++) {
		if (p->fds[i].kind != KIND_SOCKET)
			continue;
		socket_line(s, &p->fds[i], line, sizeof line);
		if (line[0] != '\0')
			mvaddnstr(y++, 0, line, COLS);
	}
}

static void draw(struct screen *s)
{
	int below = LINES - DETAIL_ROWS > TITLE_ROWS + 3 ? LINES - DETAIL_ROWS : LINES;
	size_t shown = below > TITLE_ROWS ? (size_t)(below - TITLE_ROWS) : 0;
	char line[LINE];

	if (s->chosen >= s->load.count)
		s->chosen = s->load.count > 0 ? s->load.count - 1 : 0;
	if (s->chosen < s->top)
		s->top = s->chosen;
	if (s->chosen >= s->top + shown)
		s->top = s->chosen + 1 - shown;
	erase();
	snprintf(line, sizeof line, "%zu processes, by %s; c m o p n: by cpu, memory, connections, pid, "
	         "name; arrows; q ends", s->load.count, load_sort_text(s->sort));
	mvaddnstr(0, 0, line, COLS);
	mvaddnstr(1, 0, "    PID USER         CPU%     MEM  CONN  COMMAND", COLS);
	for (size_t i = 0; i < shown && s->top + i < s->load.count; i++)
		draw_row(s, s->top + i, TITLE_ROWS + (int)i);
	if (below < LINES)
		draw_connections(s, below);
	refresh();
}

/* What a key means; false: the end. */
static bool on_key(struct screen *s, int key)
{
	static const struct {
		int key;
		enum load_sort sort;
	} sorts[] = { { 'c', LOAD_CPU },
		      { 'm', LOAD_MEMORY },
		      { 'o', LOAD_CONNECTIONS },
		      { 'p', LOAD_PID },
		      { 'n', LOAD_NAME } };

	for (size_t i = 0; i < ARRAY_LEN(sorts); i++) {
		if (sorts[i].key != key)
			continue;
		s->sort = sorts[i].sort;
		load_sort(&s->load, s->sort);
	}
	if (key == KEY_DOWN)
		s->chosen++;
	else if (key == KEY_UP && s->chosen > 0)
		s->chosen--;
	else if (key == KEY_NPAGE)
		s->chosen += 10;
	else if (key == KEY_PPAGE)
		s->chosen -= s->chosen < 10 ? s->chosen : 10;
	return key != 'q';
}

static bool run_screen(struct screen *s)
{
	bool ok = take_picture(s);

	while (ok) {
		int key;

		draw(s);
		if (s->r->count != 0 && s->pictures >= s->r->count)
			break;
		key = getch();
		if (key == ERR)
			ok = take_picture(s);
		else if (!on_key(s, key))
			break;
	}
	return ok;
}

static bool find_sort(const char *word, enum load_sort *sort)
{
	for (int i = 0; i < LOAD_SORTS; i++) {
		if (strcmp(word, load_sort_text((enum load_sort)i)) != 0)
			continue;
		*sort = (enum load_sort)i;
		return true;
	}
	return false;
}

int see_top(struct see_run *r)
{
	struct screen s = { .r = r, .sort = LOAD_CPU };
	SCREEN *terminal;
	bool ok;

	if (r->sort != NULL && !find_sort(r->sort, &s.sort)) {
		see_say("--sort wants cpu, mem, conn, pid or name, not \"%s\"", r->sort);
		return SEE_USAGE;
	}
	if (r->json || !isatty(STDOUT_FILENO)) {
		see_say("top draws on a terminal; for programs there is: ginnel see files all --json");
		return SEE_USAGE;
	}
	setlocale(LC_CTYPE, "");
	terminal = newterm(NULL, stdout, stdin);
	if (terminal == NULL) {
		see_say("this terminal (TERM) is not known here; try TERM=xterm");
		return SEE_FAILED;
	}
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	timeout(EVERY_MS);
	ok = run_screen(&s);
	endwin();
	delscreen(terminal);
	load_free(&s.load);
	return ok ? SEE_OK : see_cannot(WHY_FAILED);
}
