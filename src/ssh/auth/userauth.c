#include "userauth.h"

#include "session.h"

enum {
	INFOS_MAX = 64,   /* INFO_REQUESTs in one keyboard-interactive dialogue */
	BANNERS_MAX = 16, /* texts a server may show */
};

static const char service[] = "ssh-connection";

void userauth_finish(struct userauth *u)
{
	buf_finish(&u->list);
	buf_finish(&u->alg);
	buf_finish(&u->blob);
	buf_finish(&u->request);
	buf_finish(&u->info);
}

bool userauth_waits(const struct ssh *s)
{
	const struct userauth *u = &s->userauth;

	return u->asked || u->prompted || u->method == USERAUTH_SIGNING;
}

/*   byte    SSH_MSG_SERVICE_REQUEST
 *   string  "ssh-userauth" */
void userauth_start(struct ssh *s)
{
	struct buf b = BUF_EMPTY;

	buf_u8(&b, MSG_SERVICE_REQUEST);
	buf_text(&b, "ssh-userauth");
	tx_message(s, &b);
	s->notes |= NOTE_AUTH;
}

enum err userauth_on_service(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct slice name = wire_string(in);

	(void)ev;
	wire_rest(in);
	if (in->err != ERR_OK || !slice_is(name, "ssh-userauth"))
		return ERR_PROTO;
	s->state = ST_AUTH;
	return ERR_OK;
}

/* ---- requests ---- */

/*   byte    SSH_MSG_USERAUTH_REQUEST
 *   string  user name
 *   string  service name
 *   string  method name, then what belongs to it (RFC 4252 §5) */
static void request_begin(const struct ssh *s, struct buf *b, const char *method)
{
	buf_u8(b, MSG_AUTH_REQUEST);
	buf_text(b, s->conf->user);
	buf_text(b, service);
	buf_text(b, method);
}

static bool may_ask(struct ssh *s)
{
	bool now = !session_dead(s) && !session_open(s) && s->userauth.asked;

	s->userauth.asked = false;
	return now;
}

void ssh_auth_none(struct ssh *s)
{
	struct buf b = BUF_EMPTY;

	if (!may_ask(s))
		return;
	s->userauth.method = USERAUTH_NONE;
	request_begin(s, &b, "none");
	tx_message(s, &b);
}

void ssh_auth_password(struct ssh *s, struct slice password)
{
	struct buf b = BUF_EMPTY;

	if (!may_ask(s))
		return;
	s->userauth.method = USERAUTH_PASSWORD;
	request_begin(s, &b, "password");
	buf_bool(&b, false); /* not a change of password (RFC 4252 §8) */
	buf_string(&b, password);
	tx_message(s, &b);
}

/*   … string  language tag, empty
 *     string  submethods, empty (RFC 4256 §3.1) */
void ssh_auth_kbdint(struct ssh *s)
{
	struct buf b = BUF_EMPTY;

	if (!may_ask(s))
		return;
	s->userauth.method = USERAUTH_KBDINT;
	s->userauth.infos = 0;
	request_begin(s, &b, "keyboard-interactive");
	buf_text(&b, "");
	buf_text(&b, "");
	tx_message(s, &b);
}

/*   … boolean  whether a signature is there
 *     string   public key algorithm name
 *     string   public key blob
 *     string   the server's host key, for hostbound (PROTOCOL §3.1) */
static void publickey_request(const struct ssh *s, struct buf *b, bool with_signature)
{
	const struct userauth *u = &s->userauth;
	bool bound = with_signature && s->hostbound;

	request_begin(s, b, bound ? "publickey-hostbound-v00@openssh.com" : "publickey");
	buf_bool(b, with_signature);
	buf_string(b, buf_slice(&u->alg));
	buf_string(b, buf_slice(&u->blob));
	if (bound)
		buf_string(b, buf_slice(&s->host_key));
}

/* RFC 4252 §7: what is signed is the session id, as a string, and the request. */
static void ask_signature(struct ssh *s)
{
	struct userauth *u = &s->userauth;

	buf_clear(&u->request);
	publickey_request(s, &u->request, true);
	buf_clear(&s->sign.data);
	buf_string(&s->sign.data, buf_slice(&s->session_id));
	buf_bytes(&s->sign.data, buf_slice(&u->request));
	if (buf_err(&u->request) != ERR_OK || buf_err(&s->sign.data) != ERR_OK) {
		session_nomem(s);
		return;
	}
	s->sign.alg = buf_slice(&u->alg);
	s->sign.blob = buf_slice(&u->blob);
	u->method = USERAUTH_SIGNING;
	s->notes |= NOTE_SIGN;
}

/* The slice may be what b holds already, as SSH_AUTH_KEY_OK hands it out. */
static void keep(struct buf *b, struct slice s)
{
	if (s.p == b->p && s.n == b->n)
		return;
	buf_clear(b);
	buf_bytes(b, s);
}

void ssh_auth_publickey(struct ssh *s, struct slice alg, struct slice blob, bool sign)
{
	struct userauth *u = &s->userauth;
	struct buf b = BUF_EMPTY;

	if (!may_ask(s))
		return;
	keep(&u->alg, alg);
	keep(&u->blob, blob);

	if (buf_err(&u->alg) != ERR_OK || buf_err(&u->blob) != ERR_OK) {
		session_nomem(s);
		return;
	}
	if (sign) {
		ask_signature(s);
		return;
	}
	u->method = USERAUTH_PROBE;
	publickey_request(s, &b, false);
	tx_message(s, &b);
}

void userauth_signed(struct ssh *s, struct slice signature)
{
	struct userauth *u = &s->userauth;
	struct buf b = BUF_EMPTY;

	if (session_dead(s) || u->method != USERAUTH_SIGNING)
		return;
	if (signature.n == 0) { /* as if it had been refused: the next, please */
		u->method = USERAUTH_NOTHING;
		s->notes |= NOTE_AUTH;
		return;
	}
	u->method = USERAUTH_PUBLICKEY;
	buf_bytes(&b, buf_slice(&u->request));
	buf_string(&b, signature);
	tx_message(s, &b);
	early_requested(s);
}

/* ---- replies ---- */

/*   byte       SSH_MSG_USERAUTH_FAILURE
 *   name-list  authentications that can continue
 *   boolean    partial success */
enum err userauth_on_failure(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct userauth *u = &s->userauth;
	struct slice list = wire_string(in);
	bool partial = wire_bool(in);

	(void)ev;
	if (wire_end(in) != ERR_OK || list.n > 4096)
		return ERR_PROTO;
	if (u->method == USERAUTH_NOTHING || u->method == USERAUTH_SIGNING)
		return ERR_PROTO; /* nobody asked */
	buf_clear(&u->list);
	buf_bytes(&u->list, list);
	if (buf_err(&u->list) != ERR_OK)
		return ERR_NOMEM;
	u->partial = partial;
	early_refused(s);
	u->method = USERAUTH_NOTHING;
	u->prompted = false;
	s->notes |= NOTE_AUTH;
	return ERR_OK;
}

enum err userauth_on_success(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct userauth *u = &s->userauth;

	(void)ev;
	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	if (u->method == USERAUTH_NOTHING || u->method == USERAUTH_SIGNING)
		return ERR_PROTO; /* nobody asked */
	u->method = USERAUTH_NOTHING;
	u->prompted = u->asked = false;
	s->state = ST_OPEN;
	early_granted(s);
	s->heard_at = s->alive_at = s->now;
	s->notes = (s->notes & ~(unsigned)NOTE_AUTH) | NOTE_READY;
	return ERR_OK;
}

/*   byte    SSH_MSG_USERAUTH_BANNER
 *   string  message
 *   string  language tag */
enum err userauth_on_banner(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct slice text = wire_string(in);

	wire_string(in);
	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	if (++s->userauth.banners > BANNERS_MAX)
		return ERR_LIMIT;
	ev->kind = SSH_AUTH_BANNER;
	/* the text lies in memory that was lent to us to scribble on */
	ev->data = (struct span) { (uint8_t *)(uintptr_t)text.p, text.n };
	return ERR_OK;
}

/*   byte    SSH_MSG_USERAUTH_PK_OK
 *   string  public key algorithm name and
 *   string  blob from the request: another key is a server that confuses us */
static enum err on_key_ok(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct userauth *u = &s->userauth;
	struct slice alg = wire_string(in);
	struct slice blob = wire_string(in);

	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	if (!slice_equal(alg, buf_slice(&u->alg)) || !slice_equal(blob, buf_slice(&u->blob)))
		return ERR_PROTO;
	u->method = USERAUTH_NOTHING;
	u->asked = true;
	ev->kind = SSH_AUTH_KEY_OK;
	ev->name = buf_slice(&u->alg);
	ev->blob = buf_slice(&u->blob);
	return ERR_OK;
}

/*   byte    SSH_MSG_USERAUTH_INFO_REQUEST
 *   string  name
 *   string  instruction
 *   string  language tag
 *   int     num-prompts
 *   then as often: string prompt, boolean echo (RFC 4256 §3.2) */
static enum err on_info_request(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct userauth *u = &s->userauth;
	struct ssh_prompts *p = &u->prompts;
	struct wire own;
	uint32_t n;

	if (u->prompted || ++u->infos > INFOS_MAX)
		return ERR_PROTO;
	buf_clear(&u->info);
	buf_bytes(&u->info, wire_rest(in));
	if (buf_err(&u->info) != ERR_OK)
		return ERR_NOMEM;
	own = wire_in(buf_slice(&u->info));
	p->name = wire_string(&own);
	p->instruction = wire_string(&own);
	wire_string(&own);
	n = wire_u32(&own);
	if (n > SSH_PROMPTS_MAX)
		return ERR_LIMIT;
	for (p->n = 0; p->n < n; p->n++) {
		p->prompt[p->n].text = wire_string(&own);
		p->prompt[p->n].echo = wire_bool(&own);
	}
	if (wire_end(&own) != ERR_OK)
		return ERR_PROTO;
	u->prompted = true;
	ev->kind = SSH_AUTH_PROMPTS;
	return ERR_OK;
}

/* RFC 4252 §8: the password has expired. We do not change it; the person is told to. */
static enum err on_password_change(struct ssh *s, struct wire *in)
{
	wire_string(in);
	wire_string(in);
	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	session_die(s, ERR_AUTH, REASON_BY_APPLICATION,
	            "the password has expired; log in with ssh to change it");
	return ERR_OK;
}

enum err userauth_on_60(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	switch (s->userauth.method) {
	case USERAUTH_PROBE: return on_key_ok(s, in, ev);
	case USERAUTH_KBDINT: return on_info_request(s, in, ev);
	case USERAUTH_PASSWORD: return on_password_change(s, in);
	default: return ERR_PROTO;
	}
}

const struct ssh_prompts *ssh_prompts(const struct ssh *s)
{
	return &s->userauth.prompts;
}

/*   byte    SSH_MSG_USERAUTH_INFO_RESPONSE
 *   int     num-responses, then as often: string response */
void ssh_answer_prompts(struct ssh *s, const struct slice *answers, size_t n)
{
	struct userauth *u = &s->userauth;
	struct buf b = BUF_EMPTY;

	if (session_dead(s) || !u->prompted)
		return;
	u->prompted = false;
	buf_u8(&b, MSG_AUTH_INFO_RESPONSE);
	buf_u32(&b, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		buf_string(&b, answers[i]);
	tx_message(s, &b);
}
