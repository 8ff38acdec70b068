/* request -- requests about one channel, and their replies.
 *
 * RFC 4254 §5.4. Replies carry no number: they come in the order of the requests.
 */
#include "session.h"

/*   byte     SSH_MSG_CHANNEL_REQUEST
 *   uint32   recipient channel
 *   string   request type
 *   boolean  want reply
 *   …        type-specific data */
enum err chan_request(struct ssh *s, uint32_t chan, const char *name, struct slice data,
                      bool want_reply)
{
	struct chan *c = channel_find(s, chan);
	struct buf b = BUF_EMPTY;

	if (session_dead(s) || c == NULL || c->state != CHAN_OPEN || c->close_sent)
		return ERR_NONE;
	if (want_reply && c->replies_due >= CHAN_REPLIES_MAX)
		return ERR_LIMIT;
	c->replies_due += want_reply;
	buf_u8(&b, MSG_CHAN_REQUEST);
	buf_u32(&b, c->peer_id);
	buf_text(&b, name);
	buf_bool(&b, want_reply);
	buf_bytes(&b, data);
	tx_message(s, &b);
	return session_err(s);
}

enum err channel_on_request(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct chan *c = channel_read(s, in, 1U << CHAN_OPEN);
	struct slice name = wire_string(in);
	bool want_reply = wire_bool(in);
	struct slice data = wire_rest(in);

	if (c == NULL || in->err != ERR_OK)
		return ERR_PROTO;
	if (c->close_sent)
		return ERR_OK;
	if (want_reply && ++c->answers_due > CHAN_REPLIES_MAX)
		return ERR_LIMIT;
	ev->kind = SSH_CHAN_REQUEST;
	ev->chan = c->id;
	ev->chan_ctx = c->ctx;
	ev->name = name;
	ev->ok = want_reply;
	ev->data = (struct span) { (uint8_t *)(uintptr_t)data.p, data.n };
	return ERR_OK;
}

void chan_answer(struct ssh *s, uint32_t chan, bool ok)
{
	struct chan *c = channel_find(s, chan);

	if (session_dead(s) || c == NULL || c->answers_due == 0 || c->close_sent)
		return;
	c->answers_due--;
	channel_send_short(s, c, ok ? MSG_CHAN_SUCCESS : MSG_CHAN_FAILURE);
}

static enum err on_reply(struct ssh *s, struct wire *in, struct ssh_event *ev, bool ok)
{
	struct chan *c = channel_read(s, in, 1U << CHAN_OPEN);

	if (c == NULL || wire_end(in) != ERR_OK)
		return ERR_PROTO;
	if (c->replies_due == 0 || c->close_sent)
		return ERR_OK; /* nobody asked, or nobody listens */
	c->replies_due--;
	ev->kind = SSH_CHAN_REPLY;
	ev->chan = c->id;
	ev->chan_ctx = c->ctx;
	ev->ok = ok;
	return ERR_OK;
}

enum err channel_on_success(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	return on_reply(s, in, ev, true);
}

enum err channel_on_failure(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	return on_reply(s, in, ev, false);
}
