#include "channel.h"

#include <stdlib.h>

#include "session.h"

void channels_init(struct channels *c)
{
	*c = (struct channels) { 0 };
	list_init(&c->telling);
}

static void chan_delete(struct chan *c)
{
	if (c == NULL)
		return;
	list_remove(&c->link);
	buf_finish(&c->open);
	free(c);
}

void channels_finish(struct channels *c)
{
	for (size_t i = 0; i < c->size; i++)
		chan_delete(c->table[i]);
	free(c->table);
	channels_init(c);
}

struct chan *channel_find(const struct ssh *s, uint32_t id)
{
	return id < s->channels.size ? s->channels.table[id] : NULL;
}

static enum err grow(struct channels *c)
{
	size_t size = c->size == 0 ? 8 : c->size * 2;
	struct chan **table = realloc(c->table, size * sizeof(*table));

	if (table == NULL)
		return ERR_NOMEM;
	for (size_t i = c->size; i < size; i++)
		table[i] = NULL;
	c->table = table;
	c->size = size;
	return ERR_OK;
}

enum err channel_new(struct ssh *s, struct chan **out)
{
	struct channels *cs = &s->channels;
	struct chan *c;
	enum err e;

	if (cs->count >= s->conf->channels_max)
		return ERR_LIMIT;
	while (cs->free_from < cs->size && cs->table[cs->free_from] != NULL)
		cs->free_from++;
	if (cs->free_from == cs->size && (e = grow(cs)) != ERR_OK)
		return e;
	c = calloc(1, sizeof *c);
	if (c == NULL)
		return ERR_NOMEM;
	c->id = (uint32_t)cs->free_from;
	list_init(&c->link);
	window_init(&c->window, s->conf->window, 0, 0);
	cs->table[cs->free_from++] = c;
	cs->count++;
	*out = c;
	return ERR_OK;
}

void channel_free(struct ssh *s, struct chan *c)
{
	struct channels *cs = &s->channels;

	cs->table[c->id] = NULL;
	cs->count--;
	if (c->id < cs->free_from)
		cs->free_from = c->id;
	chan_delete(c);
}

void channel_tell(struct ssh *s, struct chan *c, unsigned what)
{
	if (c->tell == 0)
		list_add(&s->channels.telling, &c->link);
	c->tell |= what;
}

void channels_note_room(struct ssh *s)
{
	for (size_t i = 0; i < s->channels.size; i++) {
		struct chan *c = s->channels.table[i];

		if (c != NULL && c->starved && chan_room(s, c->id) > 0) {
			c->starved = false;
			channel_tell(s, c, CHAN_TOLD_ROOM);
		}
	}
}

bool channels_next(struct ssh *s, struct ssh_event *ev)
{
	struct chan *c;

	if (list_empty(&s->channels.telling))
		return false;
	c = list_item(s->channels.telling.next, struct chan, link);
	ev->chan = c->id;
	ev->chan_ctx = c->ctx;
	if (c->tell & CHAN_TOLD_ROOM) {
		ev->kind = SSH_CHAN_ROOM;
		c->tell &= ~(unsigned)CHAN_TOLD_ROOM;
		if (c->tell == 0)
			list_remove(&c->link);
		return true;
	}
	ev->kind = SSH_CHAN_CLOSED;
	channel_free(s, c);
	return true;
}

void chan_set_ctx(struct ssh *s, uint32_t chan, void *ctx)
{
	struct chan *c = channel_find(s, chan);

	if (c != NULL)
		c->ctx = ctx;
}

struct chan *channel_read(struct ssh *s, struct wire *in, unsigned states)
{
	struct chan *c = channel_find(s, wire_u32(in));

	if (in->err != ERR_OK || c == NULL || c->close_got || (states & 1U << c->state) == 0)
		return NULL;
	return c;
}

void channel_send_short(struct ssh *s, const struct chan *c, uint8_t type)
{
	struct buf b = BUF_EMPTY;

	buf_u8(&b, type);
	buf_u32(&b, c->peer_id);
	tx_message(s, &b);
}

void channel_settle(struct ssh *s, struct chan *c)
{
	if (c->close_got && !c->close_sent) {
		c->close_sent = true;
		channel_send_short(s, c, MSG_CHAN_CLOSE);
	}
	if (c->close_got && c->close_sent)
		channel_tell(s, c, CHAN_TOLD_CLOSED);
}
