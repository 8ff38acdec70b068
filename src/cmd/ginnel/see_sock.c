/* see sock -- the sockets of this machine, in every network namespace, and who holds them. */
#include "see_run.h"
#include "see_select.h"
#include "sockline.h"

#include <arpa/inet.h>
#include <string.h>

/* One word of the command line. */
struct sock_wanted {
	bool all;
	uint16_t port;    /* 0: any */
	bool has_address;
	uint8_t family;
	uint8_t address[16];
};

static bool parse_port(const char *text, uint16_t *port)
{
	uint32_t v;

	if (!see_number(text, &v) || v > UINT16_MAX)
		return false;
	*port = (uint16_t)v;
	return true;
}

/* "1.2.3.4:80", "[::1]:80", ":80", "all" */
static bool parse_word(const char *word, struct sock_wanted *w)
{
	const char *colon = strrchr(word, ':');
	char host[INET6_ADDRSTRLEN + 2];
	size_t n;

	*w = (struct sock_wanted) { .all = strcmp(word, "all") == 0 };
	if (w->all)
		return true;
	if (colon == NULL || !parse_port(colon + 1, &w->port) || colon - word >= (ptrdiff_t)sizeof host)
		return false;
	n = (size_t)(colon - word);
	if (n == 0)
		return true;
	w->has_address = true;
	w->family = *word == '[' ? AF_INET6 : AF_INET;
	if (*word == '[') {
		if (word[n - 1] != ']')
			return false;
		word++;
		n -= 2;
	}
	memcpy(host, word, n);
	host[n] = '\0';
	return inet_pton(w->family, host, w->address) == 1;
}

static bool end_matches(const struct sock_wanted *w, const struct sockdiag_socket *s, bool peer)
{
	size_t n = s->family == AF_INET ? 4 : 16;

	if (w->port != 0 && (peer ? s->peer_port : s->local_port) != w->port)
		return false;
	return !w->has_address ||
	       (w->family == s->family && memcmp(w->address, peer ? s->peer : s->local, n) == 0);
}

static bool matches(const struct sock_wanted *w, const struct sockdiag_socket *s)
{
	if (w->all)
		return true;
	return sockets_is_inet(s) && (end_matches(w, s, false) || end_matches(w, s, true));
}

static bool show(struct see_run *r, const struct sock_wanted *w)
{
	bool found = false;

	for (const struct seen_socket *s = r->view.sockets.first; s != NULL; s = s->next) {
		if (!matches(w, &s->s))
			continue;
		sockline_write(&r->view, s);
		found = true;
	}
	return found;
}

int see_sock(struct see_run *r)
{
	struct sock_wanted w = { .all = true };
	bool found = false;
	enum why why;

	for (int i = 0; i < r->argc; i++)
		if (!parse_word(r->argv[i], &w)) {
			see_say("%s: give HOST:PORT with a numeric host, :PORT, or all", r->argv[i]);
			return SEE_USAGE;
		}
	why = view_take(&r->view, SCAN_FDS | SCAN_USER, 0, true);
	if (why != WHY_OK)
		return see_cannot(why);
	sockline_heading(&r->view);
	for (int i = 0; i < r->argc; i++)
		found = parse_word(r->argv[i], &w) && show(r, &w) ? true : found;
	if (r->argc == 0)
		found = show(r, &w);
	r->view.incomplete = r->view.incomplete || r->view.snap.denied > 0;
	return see_status(r, found);
}
