#include "global.h"

#include "session.h"

void global_finish(struct global *g)
{
	for (size_t i = 0; i < GLOBAL_MAX; i++)
		buf_finish(&g->got[i].data);
}

/*   byte     SSH_MSG_GLOBAL_REQUEST
 *   string   request name
 *   boolean  want reply
 *   …        request-specific data */
static void send_request(struct ssh *s, const char *name, struct slice data, bool want_reply)
{
	struct buf b = BUF_EMPTY;

	buf_u8(&b, MSG_GLOBAL_REQUEST);
	buf_text(&b, name);
	buf_bool(&b, want_reply);
	buf_bytes(&b, data);
	tx_message(s, &b);
}

static bool expect(struct global *g, uint64_t ticket, bool silent)
{
	unsigned at = (g->sent_first + g->sent_n) % GLOBAL_MAX;

	if (g->sent_n == GLOBAL_MAX)
		return false;
	g->sent[at].ticket = ticket;
	g->sent[at].silent = silent;
	g->sent_n++;
	return true;
}

enum err ssh_global(struct ssh *s, const char *name, struct slice data, bool want_reply,
                    uint64_t ticket)
{
	if (!session_may_ask(s))
		return ERR_NONE;
	if (want_reply && !expect(&s->global, ticket, false))
		return ERR_LIMIT;
	send_request(s, name, data, want_reply);
	return session_err(s);
}

void global_alive(struct ssh *s)
{
	if (expect(&s->global, 0, true))
		send_request(s, "keepalive@openssh.com", (struct slice) { NULL, 0 }, true);
}

/* ---- the peer's replies ---- */

static enum err on_reply(struct ssh *s, struct wire *in, struct ssh_event *ev, bool ok)
{
	struct global *g = &s->global;
	struct slice data = wire_rest(in);

	if (in->err != ERR_OK)
		return ERR_PROTO;
	if (g->sent_n == 0)
		return ERR_OK; /* nobody asked: some peers answer what wanted no reply */
	if (!g->sent[g->sent_first].silent) {
		ev->kind = SSH_GLOBAL_REPLY;
		ev->ticket = g->sent[g->sent_first].ticket;
		ev->ok = ok;
		ev->data = (struct span) { (uint8_t *)(uintptr_t)data.p, data.n };
	}
	g->sent_first = (g->sent_first + 1) % GLOBAL_MAX;
	g->sent_n--;
	return ERR_OK;
}

enum err global_on_success(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	return on_reply(s, in, ev, true);
}

enum err global_on_failure(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	return on_reply(s, in, ev, false);
}

/* ---- the peer's requests ---- */

static void send_reply(struct ssh *s, bool ok, struct slice data)
{
	struct buf b = BUF_EMPTY;

	buf_u8(&b, ok ? MSG_GLOBAL_SUCCESS : MSG_GLOBAL_FAILURE);
	if (ok)
		buf_bytes(&b, data);
	tx_message(s, &b);
}

/* Sends the replies that are ready, in the order in which the peer asked. */
static void flush(struct ssh *s)
{
	struct global *g = &s->global;

	while (g->got_n > 0 && g->got[g->got_first % GLOBAL_MAX].answered) {
		unsigned at = g->got_first % GLOBAL_MAX;

		send_reply(s, g->got[at].ok, buf_slice(&g->got[at].data));
		buf_finish(&g->got[at].data);
		g->got_first++;
		g->got_n--;
	}
}

void ssh_answer_global(struct ssh *s, uint64_t ticket, bool ok, struct slice data)
{
	struct global *g = &s->global;
	unsigned at = ticket % GLOBAL_MAX;

	if (session_dead(s) || ticket - g->got_first >= g->got_n || g->got[at].answered)
		return;
	g->got[at].answered = true;
	g->got[at].ok = ok;
	buf_bytes(&g->got[at].data, data);
	if (buf_err(&g->got[at].data) != ERR_OK) {
		session_nomem(s);
		return;
	}
	flush(s);
}

static enum err expect_answer(struct ssh *s, uint64_t *ticket)
{
	struct global *g = &s->global;

	if (g->got_n == GLOBAL_MAX)
		return ERR_LIMIT;
	*ticket = g->got_first + g->got_n++;
	g->got[*ticket % GLOBAL_MAX].answered = false;
	return ERR_OK;
}

enum err global_on_request(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct slice name = wire_string(in);
	bool want_reply = wire_bool(in);
	struct slice data = wire_rest(in);
	uint64_t ticket = UINT64_MAX; /* nobody's: an answer to it goes nowhere */
	enum err e;

	if (in->err != ERR_OK)
		return ERR_PROTO;
	if (want_reply && (e = expect_answer(s, &ticket)) != ERR_OK)
		return e;
	if (slice_is(name, "keepalive@openssh.com")) {
		if (want_reply) /* FAILURE is the usual answer, and as good a sign of life */
			ssh_answer_global(s, ticket, false, (struct slice) { NULL, 0 });
		return ERR_OK;
	}
	ev->kind = SSH_GLOBAL_ASKED;
	ev->name = name;
	ev->ok = want_reply;
	ev->ticket = ticket;
	ev->data = (struct span) { (uint8_t *)(uintptr_t)data.p, data.n };
	return ERR_OK;
}
