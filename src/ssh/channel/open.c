/* open -- channels are opened: asked for, confirmed or refused, in both directions.
 *
 * RFC 4254 §5.1 and §7.2; direct-streamlocal@openssh.com and forwarded-streamlocal@openssh.com are
 * OpenSSH's PROTOCOL §2.4.
 */
#include "session.h"

enum { OPEN_MAX = 4096 }; /* bytes of a CHANNEL_OPEN behind its fixed fields */

static const char *const kinds[] = {
	[CHAN_SESSION] = "session",
	[CHAN_DIRECT_TCPIP] = "direct-tcpip",
	[CHAN_FORWARDED_TCPIP] = "forwarded-tcpip",
	[CHAN_DIRECT_STREAMLOCAL] = "direct-streamlocal@openssh.com",
	[CHAN_FORWARDED_STREAMLOCAL] = "forwarded-streamlocal@openssh.com",
};

static bool kind_of(struct slice type, enum chan_kind *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (slice_is(type, kinds[i])) {
			*kind = (enum chan_kind)i;
			return true;
		}
	}
	return false;
}

static void put_target(struct buf *b, const struct chan_target *to)
{
	switch (to->kind) {
	case CHAN_SESSION: break;
	case CHAN_DIRECT_TCPIP:
	case CHAN_FORWARDED_TCPIP:
		buf_string(b, to->host);      /* string  host to connect to / connected to */
		buf_u32(b, to->port);         /* uint32  port */
		buf_string(b, to->from_host); /* string  originator address */
		buf_u32(b, to->from_port);    /* uint32  originator port */
		break;
	case CHAN_DIRECT_STREAMLOCAL:
		buf_string(b, to->host);      /* string  socket path */
		buf_string(b, to->from_host); /* string  reserved */
		buf_u32(b, to->from_port);    /* uint32  reserved */
		break;
	case CHAN_FORWARDED_STREAMLOCAL:
		buf_string(b, to->host);                   /* string  socket path */
		buf_string(b, (struct slice) { NULL, 0 }); /* string  reserved */
		break;
	}
}

static void get_target(struct wire *in, struct chan_target *to)
{
	switch (to->kind) {
	case CHAN_SESSION: break;
	case CHAN_DIRECT_TCPIP:
	case CHAN_FORWARDED_TCPIP:
		to->host = wire_string(in);
		to->port = wire_u32(in);
		to->from_host = wire_string(in);
		to->from_port = wire_u32(in);
		break;
	case CHAN_DIRECT_STREAMLOCAL:
		to->host = wire_string(in);
		to->from_host = wire_string(in);
		to->from_port = wire_u32(in);
		break;
	case CHAN_FORWARDED_STREAMLOCAL:
		to->host = wire_string(in);
		wire_string(in);
		break;
	}
}

/*   byte    SSH_MSG_CHANNEL_OPEN
 *   string  channel type
 *   uint32  sender channel
 *   uint32  initial window size
 *   uint32  maximum packet size
 *   …       channel type specific data */
enum err chan_open(struct ssh *s, const struct chan_target *to, uint32_t *chan)
{
	struct buf b = BUF_EMPTY;
	struct chan *c;
	enum err e = session_may_ask(s) ? channel_new(s, &c) : ERR_NONE;

	if (e != ERR_OK)
		return e;
	c->state = CHAN_OPENING;
	*chan = c->id;
	buf_u8(&b, MSG_CHAN_OPEN);
	buf_text(&b, kinds[to->kind]);
	buf_u32(&b, c->id);
	buf_u32(&b, s->conf->window);
	buf_u32(&b, s->conf->packet);
	put_target(&b, to);
	tx_message(s, &b);
	return session_err(s);
}

/*   byte    SSH_MSG_CHANNEL_OPEN_CONFIRMATION
 *   uint32  recipient channel
 *   uint32  sender channel
 *   uint32  initial window size
 *   uint32  maximum packet size */
enum err channel_on_confirm(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct chan *c = channel_read(s, in, 1U << CHAN_OPENING);
	uint32_t peer_id = wire_u32(in);
	uint32_t window = wire_u32(in);
	uint32_t packet = wire_u32(in);

	wire_rest(in);
	if (c == NULL || in->err != ERR_OK || packet == 0)
		return ERR_PROTO;
	c->peer_id = peer_id;
	c->state = CHAN_OPEN;
	window_init(&c->window, s->conf->window, window, packet);
	ev->chan = c->id;
	ev->chan_ctx = c->ctx;
	if (c->close_sent) { /* it was given up before the answer came */
		channel_send_short(s, c, MSG_CHAN_CLOSE);
		return ERR_OK;
	}
	ev->kind = SSH_CHAN_OPENED;
	return ERR_OK;
}

/*   byte    SSH_MSG_CHANNEL_OPEN_FAILURE
 *   uint32  recipient channel
 *   uint32  reason code
 *   string  description
 *   string  language tag */
enum err channel_on_open_failure(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct chan *c = channel_read(s, in, 1U << CHAN_OPENING);
	uint32_t reason = wire_u32(in);
	struct slice text = wire_string(in);

	wire_rest(in);
	if (c == NULL || in->err != ERR_OK)
		return ERR_PROTO;
	ev->kind = c->close_sent ? SSH_CHAN_CLOSED : SSH_CHAN_REFUSED;
	ev->chan = c->id;
	ev->chan_ctx = c->ctx;
	ev->code = reason;
	ev->data = (struct span) { (uint8_t *)(uintptr_t)text.p, text.n };
	channel_free(s, c);
	return ERR_OK;
}

/* ---- the peer asks ---- */

static void refuse(struct ssh *s, uint32_t peer_id, enum chan_reason reason, const char *text)
{
	struct buf b = BUF_EMPTY;

	buf_u8(&b, MSG_CHAN_OPEN_FAILURE);
	buf_u32(&b, peer_id);
	buf_u32(&b, reason);
	buf_text(&b, text);
	buf_text(&b, "");
	tx_message(s, &b);
}

enum err channel_on_open(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct slice type = wire_string(in);
	uint32_t peer_id = wire_u32(in);
	uint32_t window = wire_u32(in);
	uint32_t packet = wire_u32(in);
	struct slice rest = wire_rest(in);
	struct chan_target target = { 0 };
	struct wire own;
	struct chan *c;
	enum err e;

	if (in->err != ERR_OK)
		return ERR_PROTO;
	if (!kind_of(type, &target.kind)) {
		refuse(s, peer_id, CHAN_UNKNOWN_TYPE, "this type of channel is not known here");
		return ERR_OK;
	}
	if (packet == 0) {
		refuse(s, peer_id, CHAN_SHORTAGE,
		       "a maximum packet size of 0 leaves no room for data");
		return ERR_OK;
	}
	if (rest.n > OPEN_MAX) { /* it is kept until the application has answered */
		refuse(s, peer_id, CHAN_CONNECT_FAILED, "the name of the target is too long");
		return ERR_OK;
	}
	e = channel_new(s, &c);
	if (e == ERR_LIMIT) {
		refuse(s, peer_id, CHAN_SHORTAGE, "too many channels are open on this connection");
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	c->state = CHAN_ASKED;
	c->peer_id = peer_id;
	window_init(&c->window, s->conf->window, window, packet);
	buf_bytes(&c->open, rest);
	if (buf_err(&c->open) != ERR_OK)
		return ERR_NOMEM;
	c->target = target;
	own = wire_in(buf_slice(&c->open));
	get_target(&own, &c->target);
	if (wire_end(&own) != ERR_OK)
		return ERR_PROTO;
	ev->kind = SSH_CHAN_ASKED;
	ev->chan = c->id;
	return ERR_OK;
}

const struct chan_target *chan_asked(const struct ssh *s, uint32_t chan)
{
	const struct chan *c = channel_find(s, chan);

	return c != NULL && c->state == CHAN_ASKED ? &c->target : NULL;
}

void chan_accept(struct ssh *s, uint32_t chan)
{
	struct chan *c = channel_find(s, chan);
	struct buf b = BUF_EMPTY;

	if (session_dead(s) || c == NULL || c->state != CHAN_ASKED)
		return;
	c->state = CHAN_OPEN;
	buf_finish(&c->open);
	c->target = (struct chan_target) { 0 };
	buf_u8(&b, MSG_CHAN_CONFIRM);
	buf_u32(&b, c->peer_id);
	buf_u32(&b, c->id);
	buf_u32(&b, s->conf->window);
	buf_u32(&b, s->conf->packet);
	tx_message(s, &b);
}

void chan_refuse(struct ssh *s, uint32_t chan, enum chan_reason reason, const char *text)
{
	struct chan *c = channel_find(s, chan);

	if (session_dead(s) || c == NULL || c->state != CHAN_ASKED)
		return;
	refuse(s, c->peer_id, reason, text);
	channel_free(s, c);
}
