/* data -- what flows through channels: data, windows, end of file, close.
 *
 * RFC 4254 §5.2 and §5.3. Data leaves in the packet it came in, sealed where it lies, and arrives
 * as a view into the bytes that were lent.
 */
#include <string.h>

#include "rekey.h"
#include "session.h"

enum {
	DATA_HEAD = 1 + 4 + 4, /* type, recipient channel, length */
	ROOM_PACKETS = 64,     /* at one time: a peer with tiny packets must not cost us memory */
};

static struct chan *sendable(const struct ssh *s, uint32_t chan)
{
	struct chan *c = channel_find(s, chan);

	if (session_dead(s) || c == NULL || c->state != CHAN_OPEN || c->eof_sent || c->close_sent)
		return NULL;
	return c;
}

size_t chan_packet_max(const struct ssh *s, uint32_t chan)
{
	const struct chan *c = channel_find(s, chan);

	return c == NULL ? 0 : c->window.send_packet;
}

size_t chan_room(const struct ssh *s, uint32_t chan)
{
	struct chan *c = sendable(s, chan);
	size_t room, most;

	if (c == NULL)
		return 0;
	room = s->tx.blocked ? 0 : c->window.send_left;
	most = (size_t)c->window.send_packet * ROOM_PACKETS;
	if (room > most)
		room = most;
	if (room == 0)
		c->starved = true;
	return room;
}

size_t ssh_headroom(const struct ssh *s)
{
	return tx_headroom(s) + DATA_HEAD;
}

size_t ssh_tailroom(const struct ssh *s)
{
	return tx_tailroom(s);
}

size_t ssh_fit(const struct ssh *s, size_t limit)
{
	size_t most = tx_sealed_len(s, DATA_HEAD) + TX_PAD_MAX, n;

	if (limit > UINT32_MAX) /* no packet is longer, whatever there is room for */
		limit = UINT32_MAX;
	n = limit < most ? 0 : limit - most;
	while (n > 0 && tx_sealed_len(s, DATA_HEAD + n) > limit)
		n--;
	while (tx_sealed_len(s, DATA_HEAD + n + 1) <= limit)
		n++;
	return n;
}

/*   byte    SSH_MSG_CHANNEL_DATA
 *   uint32  recipient channel
 *   string  data */
static void send_packet(struct ssh *s, struct chan *c, struct pkt *p)
{
	size_t n = p->len;

	window_sent(&c->window, n);
	pkt_push(p, DATA_HEAD);
	p->data[0] = MSG_CHAN_DATA;
	put_u32(p->data + 1, c->peer_id);
	put_u32(p->data + 5, (uint32_t)n);
	tx_packet(s, p);
}

/* A piece of p's content in a packet of its own. */
static struct pkt *copy_piece(struct ssh *s, const struct pkt *p, size_t from, size_t n)
{
	struct pkt *q = pkt_new(ssh_headroom(s), n, ssh_tailroom(s));

	if (q == NULL) {
		session_nomem(s);
		return NULL;
	}
	memcpy(pkt_put(q, n), p->data + from, n);
	s->copied += n;
	return q;
}

static void send_pieces(struct ssh *s, struct chan *c, struct pkt *p)
{
	for (size_t at = 0; at < p->len && !session_dead(s);) {
		size_t n = p->len - at;
		struct pkt *q;

		if (n > c->window.send_packet)
			n = c->window.send_packet;
		q = copy_piece(s, p, at, n);
		if (q != NULL)
			send_packet(s, c, q);
		at += n;
	}
	pkt_free(p);
}

void chan_send(struct ssh *s, uint32_t chan, struct pkt *p)
{
	struct chan *c = sendable(s, chan);

	if (c == NULL || p->len == 0 || p->len > c->window.send_left) {
		pkt_free(p); /* it died meanwhile, or the caller did not ask for room */
		return;
	}
	if (p->len > c->window.send_packet || pkt_headroom(p) < ssh_headroom(s) ||
	    pkt_tailroom(p) < ssh_tailroom(s))
		send_pieces(s, c, p);
	else
		send_packet(s, c, p);
	rekey_check(s);
}

/* ---- received ---- */

static enum err deliver(struct ssh *s, struct chan *c, uint32_t code, struct slice data,
                        struct ssh_event *ev)
{
	if (c->eof_got || window_received(&c->window, data.n) != ERR_OK)
		return ERR_PROTO;
	if (data.n > s->conf->packet)
		return ERR_PROTO;
	if (c->close_sent) { /* nobody wants it any more; but its window counts */
		chan_consumed(s, c->id, data.n);
		return ERR_OK;
	}
	if (data.n == 0)
		return ERR_OK;
	ev->kind = SSH_CHAN_DATA;
	ev->chan = c->id;
	ev->chan_ctx = c->ctx;
	ev->code = code;
	/* the data lies in memory that was lent to us to scribble on */
	ev->data = (struct span) { (uint8_t *)(uintptr_t)data.p, data.n };
	return ERR_OK;
}

enum err channel_on_data(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct chan *c = channel_read(s, in, 1U << CHAN_OPEN);
	struct slice data = wire_string(in);

	if (c == NULL || wire_end(in) != ERR_OK)
		return ERR_PROTO;
	return deliver(s, c, 0, data, ev);
}

/*   byte    SSH_MSG_CHANNEL_EXTENDED_DATA
 *   uint32  recipient channel
 *   uint32  data_type_code, 1 is stderr
 *   string  data */
enum err channel_on_extended(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct chan *c = channel_read(s, in, 1U << CHAN_OPEN);
	uint32_t code = wire_u32(in);
	struct slice data = wire_string(in);

	if (c == NULL || wire_end(in) != ERR_OK || code == 0)
		return ERR_PROTO;
	return deliver(s, c, code, data, ev);
}

/*   byte    SSH_MSG_CHANNEL_WINDOW_ADJUST
 *   uint32  recipient channel
 *   uint32  bytes to add */
enum err channel_on_window(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct chan *c = channel_read(s, in, 1U << CHAN_OPEN);
	uint32_t n = wire_u32(in);

	(void)ev;
	if (c == NULL || wire_end(in) != ERR_OK)
		return ERR_PROTO;
	if (window_granted(&c->window, n) != ERR_OK)
		return ERR_PROTO;
	if (c->starved && chan_room(s, c->id) > 0) {
		c->starved = false;
		channel_tell(s, c, CHAN_TOLD_ROOM);
	}
	return ERR_OK;
}

void chan_consumed(struct ssh *s, uint32_t chan, size_t n)
{
	struct chan *c = channel_find(s, chan);
	struct buf b = BUF_EMPTY;
	uint32_t grant;

	if (session_dead(s) || c == NULL || c->state != CHAN_OPEN)
		return;
	grant = window_consumed(&c->window, n);
	if (grant == 0 || c->eof_got || c->close_sent)
		return;
	buf_u8(&b, MSG_CHAN_WINDOW);
	buf_u32(&b, c->peer_id);
	buf_u32(&b, grant);
	tx_message(s, &b);
}

/* ---- the end ---- */

void chan_eof(struct ssh *s, uint32_t chan)
{
	struct chan *c = sendable(s, chan);

	if (c == NULL)
		return;
	c->eof_sent = true;
	channel_send_short(s, c, MSG_CHAN_EOF);
}

/* While it is being opened, the CLOSE waits for the answer, which names the channel. */
void chan_close(struct ssh *s, uint32_t chan)
{
	struct chan *c = channel_find(s, chan);

	if (session_dead(s) || c == NULL || c->close_sent)
		return;
	if (c->state == CHAN_ASKED) {
		chan_refuse(s, chan, CHAN_CONNECT_FAILED, "given up");
		return;
	}
	c->close_sent = true;
	if (c->state == CHAN_OPEN)
		channel_send_short(s, c, MSG_CHAN_CLOSE);
	channel_settle(s, c);
}

enum err channel_on_eof(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct chan *c = channel_read(s, in, 1U << CHAN_OPEN);

	if (c == NULL || wire_end(in) != ERR_OK || c->eof_got)
		return ERR_PROTO;
	c->eof_got = true;
	if (!c->close_sent) {
		ev->kind = SSH_CHAN_EOF;
		ev->chan = c->id;
		ev->chan_ctx = c->ctx;
	}
	return ERR_OK;
}

enum err channel_on_close(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct chan *c = channel_read(s, in, 1U << CHAN_OPEN);

	(void)ev;
	if (c == NULL || wire_end(in) != ERR_OK)
		return ERR_PROTO;
	c->close_got = true;
	channel_settle(s, c);
	return ERR_OK;
}
