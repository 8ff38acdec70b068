#include "login.h"

#include "pubkey.h"
#include "session.h"

enum { PASSWORD_MAX = 1024, USER_MAX = 255 }; /* bytes; more is refused before it is looked at */

void login_finish(struct login *l)
{
	buf_finish(&l->request);
	buf_finish(&l->user);
	buf_finish(&l->methods);
}

const struct ssh_login *ssh_login_asked(const struct ssh *s)
{
	return &s->login.asked;
}

/*   byte    SSH_MSG_SERVICE_REQUEST
 *   string  "ssh-userauth", answered with the same in SSH_MSG_SERVICE_ACCEPT */
enum err login_on_service(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct slice name = wire_string(in);
	struct buf b = BUF_EMPTY;

	(void)ev;
	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	if (!slice_is(name, "ssh-userauth")) {
		session_die(s, ERR_NONE, REASON_SERVICE, "there is no such service before login");
		return ERR_OK;
	}
	s->state = ST_AUTH;
	buf_u8(&b, MSG_SERVICE_ACCEPT);
	buf_string(&b, name);
	tx_message(s, &b);
	return ERR_OK;
}

static void fail(struct ssh *s, bool partial)
{
	struct login *l = &s->login;
	struct buf b = BUF_EMPTY;

	if (!partial && ++s->login.failed >= s->conf->login_max) {
		session_die(s, ERR_AUTH, REASON_NO_MORE_AUTH, "too many attempts to log in");
		return;
	}
	buf_u8(&b, MSG_AUTH_FAILURE);
	if (l->methods.n == 0)
		buf_text(&b, s->conf->login_methods);
	else
		buf_string(&b, buf_slice(&l->methods));
	buf_bool(&b, partial);
	tx_message(s, &b);
}

/* RFC 4252 §7: the signature is over the session id, as a string, and all of the request that
 * stands before it. */
static bool signature_good(const struct ssh *s, struct slice request, struct slice signature)
{
	const struct ssh_login *asked = &s->login.asked;
	struct slice data = { request.p, request.n - signature.n - 4 };
	struct pubkey *key = NULL;
	struct buf b = BUF_EMPTY;
	enum err e;

	buf_string(&b, buf_slice(&s->session_id));
	buf_u8(&b, MSG_AUTH_REQUEST);
	buf_bytes(&b, data);
	e = buf_err(&b);
	if (e == ERR_OK)
		e = pubkey_new(asked->blob, &key);
	if (e == ERR_OK && !pubkey_signs_as(key, asked->alg))
		e = ERR_AUTH;
	if (e == ERR_OK)
		e = pubkey_verify(key, asked->alg, buf_slice(&b), signature, NULL);
	pubkey_free(key);
	buf_finish(&b);
	return e == ERR_OK;
}

/* ERR_AUTH: the request is well formed, but it is refused without asking anyone. */
static enum err read_publickey(struct ssh *s, struct slice request, struct wire *in, bool bound)
{
	struct ssh_login *asked = &s->login.asked;
	bool has_signature = wire_bool(in);
	struct slice host_key, signature = { NULL, 0 };

	asked->alg = wire_string(in);
	asked->blob = wire_string(in);
	host_key = bound ? wire_string(in) : (struct slice) { NULL, 0 };
	if (has_signature)
		signature = wire_string(in);
	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	if (bound && !slice_equal(host_key, s->host_key.n > 0 ? buf_slice(&s->host_key)
	                                                      : (struct slice) { NULL, 0 }))
		return ERR_AUTH;
	if (has_signature && !signature_good(s, request, signature))
		return ERR_AUTH;
	asked->is_signed = has_signature;
	return ERR_OK;
}

static enum err read_method(struct ssh *s, struct slice request, struct wire *in)
{
	struct ssh_login *asked = &s->login.asked;

	if (slice_is(asked->method, "publickey-hostbound-v00@openssh.com")) {
		asked->method = slice_of("publickey");
		return read_publickey(s, request, in, true);
	}
	if (slice_is(asked->method, "publickey"))
		return read_publickey(s, request, in, false);
	if (slice_is(asked->method, "password")) {
		if (wire_bool(in)) /* a change of password is not offered */
			return ERR_AUTH;
		asked->password = wire_string(in);
		if (wire_end(in) != ERR_OK)
			return ERR_PROTO;
		return asked->password.n > PASSWORD_MAX ? ERR_AUTH : ERR_OK;
	}
	if (slice_is(asked->method, "none"))
		return wire_end(in);
	wire_rest(in);
	return ERR_OK;
}

/* The user and the service may not change between requests: what was proved for one must not serve
 * another. */
static enum err check_user(struct ssh *s)
{
	struct login *l = &s->login;

	if (l->asked.user.n > USER_MAX)
		return ERR_LIMIT;
	if (l->user_known && !slice_equal(buf_slice(&l->user), l->asked.user)) {
		session_die(s, ERR_PROTO, REASON_PROTOCOL,
		            "the user name was changed during login");
		return ERR_PROTO;
	}
	if (!l->user_known)
		buf_bytes(&l->user, l->asked.user);
	l->user_known = true;
	return buf_err(&l->user);
}

/*   byte    SSH_MSG_USERAUTH_REQUEST
 *   string  user name
 *   string  service name
 *   string  method name, then what belongs to it */
enum err login_on_request(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct login *l = &s->login;
	struct slice request;
	struct wire own;
	enum err e;

	if (s->state == ST_OPEN) { /* RFC 4252 §5.1: after success they are ignored */
		wire_rest(in);
		return ERR_OK;
	}
	buf_clear(&l->request);
	buf_bytes(&l->request, wire_rest(in));
	if (buf_err(&l->request) != ERR_OK)
		return ERR_NOMEM;
	request = buf_slice(&l->request);
	own = wire_in(request);
	l->asked = (struct ssh_login) { 0 };
	l->asked.user = wire_string(&own);
	l->asked.service = wire_string(&own);
	l->asked.method = wire_string(&own);
	if (own.err != ERR_OK)
		return ERR_PROTO;
	if ((e = check_user(s)) != ERR_OK)
		return e;
	if (!slice_is(l->asked.service, "ssh-connection"))
		return ERR_PROTO;
	e = read_method(s, request, &own);
	if (e == ERR_AUTH) {
		fail(s, false);
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	l->waiting = true;
	ev->kind = SSH_LOGIN;
	return ERR_OK;
}

/*   byte    SSH_MSG_USERAUTH_PK_OK
 *   string  public key algorithm name and
 *   string  blob from the request */
static void say_key_ok(struct ssh *s)
{
	struct buf b = BUF_EMPTY;

	buf_u8(&b, MSG_AUTH_60);
	buf_string(&b, s->login.asked.alg);
	buf_string(&b, s->login.asked.blob);
	tx_message(s, &b);
}

/* The request may hold a password; of what was asked, the user stays known. */
static void forget(struct login *l)
{
	buf_clear(&l->request);
	l->asked = (struct ssh_login) { .user = buf_slice(&l->user) };
}

void ssh_answer_login(struct ssh *s, enum ssh_verdict verdict, const char *methods)
{
	struct login *l = &s->login;
	struct buf b = BUF_EMPTY;

	if (session_dead(s) || !l->waiting)
		return;
	l->waiting = false;
	if (verdict == SSH_LOGIN_GRANTED && slice_is(l->asked.method, "publickey") &&
	    !l->asked.is_signed) {
		say_key_ok(s);
	} else if (verdict == SSH_LOGIN_GRANTED) {
		buf_u8(&b, MSG_AUTH_SUCCESS);
		tx_message(s, &b);
		s->state = ST_OPEN;
		s->heard_at = s->alive_at = s->now;
		s->notes |= NOTE_READY;
	} else {
		buf_clear(&l->methods);
		buf_bytes(&l->methods, slice_of(methods));
		if (buf_err(&l->methods) != ERR_OK)
			session_nomem(s);
		else
			fail(s, verdict == SSH_LOGIN_PARTIAL);
	}
	forget(l);
}
