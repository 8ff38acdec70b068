#include "extinfo.h"

#include "session.h"
#include "text.h"

enum { EXT_INFOS_MAX = 2, EXTENSIONS_MAX = 64 };

/*   byte    SSH_MSG_EXT_INFO
 *   uint32  nr-extensions
 *   then as often: string name, string value (§2.3) */
void extinfo_send(struct ssh *s)
{
	struct buf b = BUF_EMPTY;

	if (!s->kexinit.ext_info)
		return;
	buf_u8(&b, MSG_EXT_INFO);
	if (session_is_server(s)) {
		buf_u32(&b, 3);
		buf_text(&b, "server-sig-algs");
		buf_text(&b, s->conf->login_algs);
		buf_text(&b, "publickey-hostbound@openssh.com");
		buf_text(&b, "0");
		buf_text(&b, "ping@openssh.com");
		buf_text(&b, "0");
	} else {
		buf_u32(&b, 1);
		buf_text(&b, "ext-info-in-auth@openssh.com");
		buf_text(&b, "0");
	}
	tx_message(s, &b);
}

static void take(struct ssh *s, struct slice name, struct slice value)
{
	if (slice_is(name, "server-sig-algs"))
		text_clean(value, s->sig_algs, sizeof s->sig_algs);
	else if (slice_is(name, "publickey-hostbound@openssh.com"))
		s->hostbound = slice_is(value, "0");
}

enum err extinfo_on_message(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	uint32_t n = wire_u32(in);

	(void)ev;
	if (s->state == ST_SERVICE && s->rx_after_keys != 1)
		return ERR_PROTO;
	if (++s->ext_infos > EXT_INFOS_MAX || n > EXTENSIONS_MAX)
		return ERR_LIMIT;
	for (uint32_t i = 0; i < n; i++) {
		struct slice name = wire_string(in);
		struct slice value = wire_string(in);

		if (in->err == ERR_OK)
			take(s, name, value);
	}
	return wire_end(in);
}
