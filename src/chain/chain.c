#include "chain.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hop.h"
#include "refusal.h"
#include "text.h"

enum { BY_APPLICATION = 11 }; /* RFC 4253 §11.1 */

struct chain {
	struct hop hop[CHAIN_MAX];
	unsigned n;       /* hops added */
	unsigned started; /* hops with a session */
	uint64_t now;

	struct list waiting;             /* struct chain_waiter */
	const struct chain_waiter *turn; /* was told of room, and has not used it yet */

	bool failed, told; /* and SSH_DEAD was handed out */
	struct chain_error error;
	char text[REFUSAL_TEXT];
};

/* ---- life ---- */

struct chain *chain_new(void)
{
	struct chain *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	list_init(&c->waiting);
	c->error.said_by = CHAIN_MAX;
	c->error.text = c->text;
	return c;
}

/* The inner sessions go first: they were made in the outer ones. */
void chain_free(struct chain *c)
{
	if (c == NULL)
		return;
	list_each (at, after, &c->waiting)
		list_remove(at);
	while (c->n > 0)
		hop_finish(&c->hop[--c->n]);
	free(c);
}

enum err chain_add(struct chain *c, const struct chain_hop *hop)
{
	enum err e;

	assert(c->started == 0);
	if (c->n == CHAIN_MAX)
		return ERR_LIMIT;
	e = hop_init(&c->hop[c->n], hop);
	if (e == ERR_OK)
		c->n++;
	return e;
}

/* The channel to the next hop is asked for at once: it waits in the engine until the login is done,
 * or leaves right behind it (ssh_allow_early()). */
static enum err start_next(struct chain *c)
{
	struct hop *h = &c->hop[c->started];
	enum err e = hop_start(h, c->started > 0 ? h - 1 : NULL, c->now);

	if (e != ERR_OK)
		return e;
	c->started++;
	return c->started < c->n && ssh_error(h->ssh).text[0] == '\0' ? hop_jump(h, h + 1) : ERR_OK;
}

enum err chain_start(struct chain *c, uint64_t now)
{
	assert(c->n > 0 && c->started == 0);
	c->now = now;
	return start_next(c);
}

unsigned chain_count(const struct chain *c)
{
	return c->n;
}

const char *chain_name(const struct chain *c, unsigned hop)
{
	assert(hop < c->n);
	return c->hop[hop].name;
}

struct ssh *chain_ssh(const struct chain *c, unsigned hop)
{
	assert(hop < c->n);
	return c->hop[hop].ssh;
}

/* ---- death ---- */

/* Ends every session, so that each server learns it from its own; what an inner one has to say
 * goes down before the outer one stops. */
static void shut(struct chain *c, uint32_t reason, const char *text)
{
	for (unsigned i = c->started; i-- > 0;) {
		ssh_close(c->hop[i].ssh, reason, text);
		/* When there is no memory for it, this hop misses its last words. */
		for (unsigned j = i; j > 0; j--)
			if (hop_down(&c->hop[j], &c->hop[j - 1]) != ERR_OK)
				break;
	}
}

/* The first error is the one that counts. */
static void fail(struct chain *c, struct chain_error error)
{
	if (c->failed)
		return;
	c->failed = true;
	snprintf(c->text, sizeof c->text, "%s", error.text);
	error.text = c->text;
	c->error = error;
	shut(c, BY_APPLICATION, "the chain of sessions has ended");
}

static void fail_here(struct chain *c, unsigned hop, enum err e)
{
	fail(c, (struct chain_error) { e, hop, CHAIN_MAX,
	                               e == ERR_NOMEM ? "out of memory" : err_text(e) });
}

void chain_close(struct chain *c, uint32_t reason, const char *text)
{
	if (c->failed)
		return;
	shut(c, reason, text);
	fail(c, (struct chain_error) { ERR_OK, 0, CHAIN_MAX, text });
}

struct chain_error chain_error(const struct chain *c)
{
	return c->error;
}

/* The session with a hop is over: those inside it have nothing more to come. */
static void hop_died(struct chain *c, unsigned i)
{
	struct ssh_error e = ssh_error(c->hop[i].ssh);

	c->hop[i].dead = true;
	for (unsigned j = i + 1; j < c->started; j++)
		hop_up_eof(&c->hop[j], c->now);
	fail(c, (struct chain_error) { e.code, i, e.by_peer ? i : CHAIN_MAX, e.text });
}

static void jump_refused(struct chain *c, unsigned i, const struct ssh_event *ev)
{
	struct slice words = { ev->data.p, ev->data.n };
	const struct hop *next = &c->hop[i + 1];
	char text[REFUSAL_TEXT], what[160], host[140], by[100];

	snprintf(what, sizeof what, "%s port %u",
	         text_clean(slice_of(next->host), host, sizeof host), next->port);
	text_clean(slice_of(c->hop[i].name), by, sizeof by);
	refusal_text(refusal_of(ev->code, words), words, what, by, text, sizeof text);
	fail(c, (struct chain_error) { ERR_NONE, i + 1, i, text });
}

/* ---- events ---- */

/* An event of the channel in hop i that carries hop i + 1. */
static void jump_event(struct chain *c, unsigned i, const struct ssh_event *ev)
{
	struct hop *outer = &c->hop[i], *inner = &c->hop[i + 1];
	enum err e = ERR_OK;

	if (outer->jump == JUMP_OPEN && inner->ssh == NULL)
		return; /* it could not be started, and the chain has failed */
	switch (ev->kind) {
	case SSH_CHAN_OPENED:
		outer->jump = JUMP_OPEN;
		e = start_next(c);
		break;
	case SSH_CHAN_REFUSED:
		outer->jump = JUMP_GONE;
		jump_refused(c, i, ev);
		break;
	case SSH_CHAN_DATA:
		/* Extended data has no meaning here (RFC 4254 §7.2), but counts. */
		if (ev->code == 0)
			e = hop_up(inner, outer, ev->data, c->now);
		else
			chan_consumed(outer->ssh, ev->chan, ev->data.n);
		break;
	case SSH_CHAN_EOF: hop_up_eof(inner, c->now); break;
	case SSH_CHAN_REQUEST:
		if (ev->ok)
			chan_answer(outer->ssh, ev->chan, false);
		break;
	case SSH_CHAN_CLOSED:
		outer->jump = JUMP_GONE;
		hop_up_eof(inner, c->now);
		break;
	default: break; /* SSH_CHAN_ROOM: whoever waits is looked after in chain_next() */
	}
	if (e != ERR_OK)
		fail_here(c, i + 1, e);
}

/* True: the event is for the owner. */
static bool sort_event(struct chain *c, unsigned i, const struct ssh_event *ev)
{
	if (hop_is_jump(&c->hop[i], ev)) {
		jump_event(c, i, ev);
		return false;
	}
	if (ev->kind == SSH_DEAD) {
		hop_died(c, i);
		return false;
	}
	if (ev->kind == SSH_READY)
		c->hop[i].ready = true;
	return true;
}

/* The next event of any hop, the innermost first: an outer hop's data is lent to the inner ones
 * until the outer one is asked again. False: none. */
static bool hops_next(struct chain *c, unsigned *hop, struct ssh_event *ev)
{
	for (unsigned i = c->started; i-- > 0;) {
		struct hop *h = &c->hop[i];

		if (h->dead)
			continue;
		if (ssh_next(h->ssh, ev)) {
			*hop = i;
			return true;
		}
		if (i > 0 && hop_resume(h, h - 1, c->now))
			i++; /* the same hop again */
	}
	return false;
}

static void down(struct chain *c)
{
	for (unsigned i = c->started; i-- > 1;) {
		enum err e = hop_down(&c->hop[i], &c->hop[i - 1]);

		if (e != ERR_OK)
			fail_here(c, i, e);
	}
}

/* ---- room ---- */

void chain_waiter_init(struct chain_waiter *w, uint32_t chan, void *ctx)
{
	list_init(&w->link);
	w->chan = chan;
	w->ctx = ctx;
}

void chain_waiter_finish(struct chain_waiter *w)
{
	list_remove(&w->link);
}

/* The most data in a packet of the last hop that goes down to the socket at once, whatever channel
 * it is for: a fold from the outermost hop inward. */
static size_t shared_room(const struct chain *c)
{
	size_t room = CHAIN_TX_LEAST;

	if (c->failed || c->started < c->n)
		return 0;
	if (ssh_tx_queued(c->hop[0].ssh) > CHAIN_TX_MAX - CHAIN_TX_LEAST)
		return 0;
	for (unsigned i = 0; i + 1 < c->n; i++) {
		room = hop_room(&c->hop[i + 1], &c->hop[i], room);
		if (room == 0)
			return 0;
	}
	return ssh_fit(c->hop[c->n - 1].ssh, room);
}

size_t chain_room(struct chain *c, struct chain_waiter *w)
{
	struct ssh *s = c->hop[c->n - 1].ssh;
	size_t own, packet, room;

	if (s == NULL || (own = chan_room(s, w->chan)) == 0)
		return 0; /* the session says when its own window opens */
	room = list_empty(&c->waiting) || c->turn == w ? shared_room(c) : 0;
	if (room == 0) {
		if (list_empty(&w->link))
			list_add(&c->waiting, &w->link);
		return 0;
	}
	packet = chan_packet_max(s, w->chan);
	if (own > packet)
		own = packet;
	return room < own ? room : own;
}

static bool waiter_next(struct chain *c, unsigned *hop, struct ssh_event *ev)
{
	struct chain_waiter *w;

	if (list_empty(&c->waiting) || shared_room(c) == 0)
		return false;
	w = list_item(c->waiting.next, struct chain_waiter, link);
	list_remove(&w->link);
	c->turn = w;
	*hop = c->n - 1;
	*ev = (struct ssh_event) { .kind = SSH_CHAN_ROOM, .chan = w->chan, .chan_ctx = w->ctx };
	return true;
}

void chain_send(struct chain *c, uint32_t chan, struct pkt *p)
{
	chan_send(c->hop[c->n - 1].ssh, chan, p);
	down(c);
}

size_t chain_headroom(const struct chain *c)
{
	return ssh_headroom(c->hop[c->n - 1].ssh);
}

size_t chain_tailroom(const struct chain *c)
{
	return ssh_tailroom(c->hop[c->n - 1].ssh);
}

/* ---- the ports ---- */

void chain_rx(struct chain *c, uint8_t *p, size_t n, uint64_t now)
{
	c->now = now;
	ssh_rx(c->hop[0].ssh, p, n, now);
}

void chain_rx_eof(struct chain *c, uint64_t now)
{
	c->now = now;
	ssh_rx_eof(c->hop[0].ssh, now);
}

bool chain_rx_full(const struct chain *c)
{
	return ssh_rx_full(c->hop[0].ssh);
}

/* Moving packets down can fail too; then there is more to hear from the sessions. */
static bool owners_next(struct chain *c, unsigned *hop, struct ssh_event *ev)
{
	bool failed;

	do {
		while (hops_next(c, hop, ev))
			if (sort_event(c, *hop, ev))
				return true;
		failed = c->failed;
		down(c);
	} while (c->failed != failed);
	return false;
}

bool chain_next(struct chain *c, unsigned *hop, struct ssh_event *ev)
{
	c->turn = NULL;
	if (c->told)
		return false;
	if (owners_next(c, hop, ev))
		return true;
	if (!c->failed)
		return waiter_next(c, hop, ev);
	c->told = true;
	*hop = c->error.hop;
	*ev = (struct ssh_event) { .kind = SSH_DEAD };
	return true;
}

const struct pkt *chain_tx_peek(struct chain *c)
{
	down(c);
	return ssh_tx_peek(c->hop[0].ssh);
}

struct pkt *chain_tx_pop(struct chain *c)
{
	return ssh_tx_pop(c->hop[0].ssh);
}

size_t chain_tx_queued(const struct chain *c)
{
	size_t n = 0;

	for (unsigned i = 0; i < c->started; i++)
		n += hop_queued(&c->hop[i]);
	return n;
}

uint64_t chain_deadline(const struct chain *c)
{
	uint64_t first = UINT64_MAX;

	for (unsigned i = 0; i < c->started; i++) {
		uint64_t at = c->hop[i].dead ? UINT64_MAX : ssh_deadline(c->hop[i].ssh);

		if (at < first)
			first = at;
	}
	return first;
}

void chain_tick(struct chain *c, uint64_t now)
{
	c->now = now;
	for (unsigned i = 0; i < c->started; i++)
		ssh_tick(c->hop[i].ssh, now);
}

void chain_info(const struct chain *c, struct chain_info *info)
{
	struct ssh_info one;

	*info = (struct chain_info) { 0 };
	for (unsigned i = 0; i < c->started; i++) {
		ssh_info(c->hop[i].ssh, &one);
		info->copied += one.copied + c->hop[i].copied;
		info->split += c->hop[i].split;
		info->ready += c->hop[i].ready ? 1 : 0;
	}
}
