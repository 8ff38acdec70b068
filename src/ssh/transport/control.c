#include "control.h"

#include <stdio.h>

#include "session.h"
#include "text.h"

/*   byte    SSH_MSG_DISCONNECT
 *   uint32  reason code
 *   string  description
 *   string  language tag */
void control_disconnect(struct ssh *s, uint32_t reason, const char *text)
{
	struct buf b = BUF_EMPTY;

	buf_u8(&b, MSG_DISCONNECT);
	buf_u32(&b, reason);
	buf_text(&b, text);
	buf_text(&b, "");
	tx_message(s, &b);
}

void control_unimplemented(struct ssh *s)
{
	struct buf b = BUF_EMPTY;

	buf_u8(&b, MSG_UNIMPLEMENTED);
	buf_u32(&b, s->rx.seq - 1);
	tx_message(s, &b);
}

enum err control_on_disconnect(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	uint32_t reason = wire_u32(in);
	struct slice text = wire_string(in);
	char clean[400];

	(void)ev;
	wire_rest(in); /* language tag: some peers leave it out */
	session_die(s, ERR_PROTO, REASON_NONE, "the peer ended the connection: %s",
	            text_clean(text, clean, sizeof clean));
	s->error.reason = reason;
	s->error.by_peer = true;
	return ERR_OK;
}

enum err control_on_ignore(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	(void)s;
	(void)ev;
	wire_rest(in);
	return ERR_OK;
}

enum err control_on_debug(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	return control_on_ignore(s, in, ev);
}

enum err control_on_unimplemented(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	(void)s;
	(void)ev;
	wire_u32(in);
	return wire_end(in);
}

/*   byte    SSH_MSG_PING (192)
 *   string  data, sent back as SSH_MSG_PONG */
enum err control_on_ping(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct slice data = wire_string(in);
	struct buf b = BUF_EMPTY;

	(void)ev;
	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	buf_u8(&b, MSG_PONG);
	buf_string(&b, data);
	tx_message(s, &b);
	return ERR_OK;
}

enum err control_on_pong(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	(void)s;
	(void)ev;
	wire_string(in);
	return wire_end(in);
}
