#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "derive.h"
#include "extinfo.h"
#include "pubkey.h"
#include "session.h"

struct exchange {
	struct kex *kex;
	struct buf public_ours; /* the content of its field */
	struct buf group;       /* group exchange: what the hash takes of it (RFC 4419 §3) */
	struct buf secret;      /* encoded as the hash takes it */
	struct buf reply;       /* server: KEX_REPLY but for the signature */
	uint8_t hash[HASH_MAX];
	size_t hash_n;
	struct aead *tx, *rx; /* the new keys, until their NEWKEYS */
	bool guessed, group_known, keyed, waits, sent_newkeys, got_newkeys;
};

static struct exchange *exchange_new(void)
{
	return calloc(1, sizeof(struct exchange));
}

void exchange_free(struct exchange *x)
{
	if (x == NULL)
		return;
	kex_free(x->kex);
	buf_finish(&x->public_ours);
	buf_finish(&x->group);
	buf_finish(&x->secret);
	buf_finish(&x->reply);
	aead_free(x->tx);
	aead_free(x->rx);
	wipe(x, sizeof *x);
	free(x);
}

bool exchange_waits(const struct ssh *s)
{
	return s->exchange != NULL && s->exchange->waits;
}

static bool is_first(const struct ssh *s)
{
	return s->rx.aead == NULL && s->tx.aead == NULL;
}

/* The server refused to change keys, or a library failed: says which, once. */
static enum err fail(struct ssh *s, enum err e, const char *what)
{
	session_die(s, e, e == ERR_PROTO || e == ERR_AUTH ? REASON_KEX : REASON_NONE,
	            "the key exchange failed: %s: %s", what, err_text(e));
	return e;
}

/* ---- the public values ---- */

static bool uses_mpint(const struct ssh *s)
{
	return s->kexinit.kex->kind != KEX_ECDH;
}

static void put_public(const struct ssh *s, struct buf *b, struct slice value)
{
	if (uses_mpint(s))
		buf_mpint(b, value);
	else
		buf_string(b, value);
}

static struct slice get_public(const struct ssh *s, struct wire *in)
{
	return uses_mpint(s) ? wire_mpint(in) : wire_string(in);
}

/* Client: sends KEX_INIT, or GEX_INIT once the group is known. */
static enum err send_init(struct ssh *s)
{
	struct exchange *x = s->exchange;
	struct buf msg = BUF_EMPTY;
	enum err e = kex_start(x->kex, s->rng, &x->public_ours);

	if (e != ERR_OK)
		return fail(s, e, "our half could not be made");
	buf_u8(&msg, s->kexinit.kex->kind == KEX_EXCHANGE ? MSG_GEX_INIT : MSG_KEX_INIT);
	put_public(s, &msg, buf_slice(&x->public_ours));
	tx_message(s, &msg);
	return ERR_OK;
}

/*   byte    SSH_MSG_KEY_DH_GEX_REQUEST
 *   uint32  min, preferred and maximal size in bits (RFC 4419 §3) */
static enum err send_group_request(struct ssh *s)
{
	struct exchange *x = s->exchange;
	struct buf msg = BUF_EMPTY;

	buf_u32(&x->group, GEX_MIN);
	buf_u32(&x->group, 3072);
	buf_u32(&x->group, GEX_MAX);
	buf_u8(&msg, MSG_GEX_REQUEST);
	buf_bytes(&msg, buf_slice(&x->group));
	if (buf_err(&x->group) != ERR_OK)
		msg.err = buf_err(&x->group);
	tx_message(s, &msg);
	return session_err(s);
}

/* Client: begins with the method that stands first on our list, before the server has said what it
 * has. A group exchange asks first, so there is nothing to guess. */
static enum err guess(struct ssh *s)
{
	struct exchange *x = s->exchange;
	struct slice list = slice_of(s->conf->kex), name;

	if (!wire_name(&list, &name) || (s->kexinit.kex = kex_find(name)) == NULL)
		return fail(s, ERR_NONE, "the first method on our list is not known");
	x->kex = kex_new(s->kexinit.kex);
	if (x->kex == NULL)
		return fail(s, ERR_NOMEM, "preparing it");
	x->guessed = true;
	return send_init(s);
}

static bool may_guess(const struct ssh *s)
{
	struct slice list = slice_of(s->conf->kex), name;
	const struct kex_alg *alg = wire_name(&list, &name) ? kex_find(name) : NULL;

	return s->conf->guess && !session_is_server(s) && is_first(s) && alg != NULL &&
	       alg->kind != KEX_EXCHANGE;
}

void exchange_start(struct ssh *s)
{
	bool guesses = may_guess(s);

	if (s->exchange != NULL || session_dead(s))
		return;
	s->exchange = exchange_new();
	if (s->exchange == NULL) {
		session_nomem(s);
		return;
	}
	if (!is_first(s))
		s->kex_deadline = s->now + EXCHANGE_TIMEOUT_S * UINT64_C(1000000000);
	kexinit_send(s, guesses);
	if (guesses && !session_dead(s) && guess(s) != ERR_OK)
		return; /* which has ended the connection */
}

/* What was guessed was wrong: the server drops it, and so do we. */
static void forget_guess(struct exchange *x)
{
	kex_free(x->kex);
	x->kex = NULL;
	buf_clear(&x->public_ours);
}

enum err exchange_on_kexinit(struct ssh *s, struct slice payload)
{
	struct exchange *x;
	bool right;
	enum err e;

	if (s->exchange != NULL && s->exchange->got_newkeys) {
		session_die(s, ERR_PROTO, REASON_PROTOCOL,
		            "the peer began a key exchange before the last one was done");
		return ERR_PROTO;
	}
	if (s->state != ST_KEXINIT)
		s->resume = s->state;
	exchange_start(s);
	if (session_dead(s))
		return ERR_NOMEM;
	s->state = s->state == ST_KEXINIT ? ST_KEX : ST_REKEX;
	x = s->exchange;
	e = kexinit_receive(s, payload, &s->rx.skip, &right);
	if (e != ERR_OK)
		return e;
	if (x->guessed && right)
		return ERR_OK; /* our half is on its way */
	forget_guess(x);
	x->kex = kex_new(s->kexinit.kex);
	if (x->kex == NULL)
		return fail(s, ERR_NOMEM, "preparing it");
	if (session_is_server(s))
		return ERR_OK;
	return s->kexinit.kex->kind == KEX_EXCHANGE ? send_group_request(s) : send_init(s);
}

/* ---- the exchange hash and the keys ---- */

/* RFC 4253 §8, RFC 5656 §4, RFC 4419 §3: what both sides saw and know, in one order. */
static enum err hash_exchange(struct ssh *s, struct slice host_key, struct slice client_public,
                              struct slice server_public)
{
	struct exchange *x = s->exchange;
	const struct kexinit *k = &s->kexinit;
	bool server = session_is_server(s);
	struct buf b = BUF_EMPTY;
	enum err e;

	buf_text(&b, server ? s->ident.peer : s->ident.ours);
	buf_text(&b, server ? s->ident.ours : s->ident.peer);
	buf_string(&b, buf_slice(server ? &k->peer : &k->ours));
	buf_string(&b, buf_slice(server ? &k->ours : &k->peer));
	buf_string(&b, host_key);
	buf_bytes(&b, buf_slice(&x->group));
	put_public(s, &b, client_public);
	put_public(s, &b, server_public);
	buf_bytes(&b, buf_slice(&x->secret));
	e = buf_err(&b);
	if (e == ERR_OK)
		e = hash_once(k->kex->hash, buf_slice(&b), x->hash);
	buf_finish(&b);
	x->hash_n = hash_len(k->kex->hash);
	if (e == ERR_OK && s->session_id.n == 0) {
		buf_bytes(&s->session_id, (struct slice) { x->hash, x->hash_n });
		e = buf_err(&s->session_id);
	}
	return e;
}

static enum err make_keys(struct ssh *s)
{
	struct exchange *x = s->exchange;
	const struct kexinit *k = &s->kexinit;
	bool server = session_is_server(s);
	const struct derive d = { .alg = k->kex->hash,
		                  .secret = buf_slice(&x->secret),
		                  .hash = { x->hash, x->hash_n },
		                  .session_id = buf_slice(&s->session_id) };
	enum err e = derive_aead(&d, !server, AEAD_SEAL, slice_of(k->cipher_tx),
	                         slice_of(k->mac_tx), &x->tx);

	if (e == ERR_OK)
		e = derive_aead(&d, server, AEAD_OPEN, slice_of(k->cipher_rx), slice_of(k->mac_rx),
		                &x->rx);
	if (e != ERR_OK)
		return fail(s, e, "the new keys could not be made");
	x->keyed = true;
	buf_finish(&x->secret);
	s->state = s->state == ST_KEX ? ST_NEWKEYS : ST_RENEWKEYS;
	return ERR_OK;
}

/* ---- NEWKEYS ---- */

static void finish(struct ssh *s)
{
	struct exchange *x = s->exchange;

	if (!x->sent_newkeys || !x->got_newkeys)
		return;
	exchange_free(x);
	s->exchange = NULL;
	s->keyed_at = s->now;
	s->kex_deadline = UINT64_MAX;
	if (session_open(s)) {
		s->rekeys++;
		s->notes |= NOTE_REKEYED;
		channels_note_room(s);
	}
}

static void send_newkeys(struct ssh *s)
{
	struct exchange *x = s->exchange;
	bool first = is_first(s) || s->tx.aead == NULL;
	struct buf msg = BUF_EMPTY;

	buf_u8(&msg, MSG_NEWKEYS);
	tx_message(s, &msg);
	if (session_dead(s))
		return;
	tx_rekeyed(s, x->tx, s->kexinit.strict);
	x->tx = NULL;
	x->sent_newkeys = true;
	if (first)
		extinfo_send(s);
	if (first && !session_is_server(s))
		userauth_start(s);
	tx_release(s);
	if (!session_dead(s))
		finish(s);
}

enum err exchange_on_newkeys(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct exchange *x = s->exchange;

	(void)ev;
	if (wire_end(in) != ERR_OK || x == NULL || !x->keyed)
		return ERR_PROTO;
	rx_rekeyed(s, x->rx, s->kexinit.strict);
	x->rx = NULL;
	x->got_newkeys = true;
	s->state = s->state == ST_NEWKEYS ? ST_SERVICE : s->resume;
	finish(s);
	return ERR_OK;
}

/* ---- client ---- */

/* PROTOCOL.certkeys: with "X-cert-v01@openssh.com" K_S is a certificate, and the key in it signs as
 * X. Whether the certificate may be believed is the application's question. */
static enum err plain_host_key(const struct ssh *s, struct slice blob, struct buf *plain,
                               char alg[static KEXINIT_NAME_MAX + 1])
{
	const char *agreed = s->kexinit.host_key_alg;
	const char *at = strstr(agreed, "-cert-v01@openssh.com");

	if (at == NULL) {
		snprintf(alg, KEXINIT_NAME_MAX + 1, "%s", agreed);
		buf_bytes(plain, blob);
		return buf_err(plain);
	}
	/* security keys keep the domain in their plain name */
	snprintf(alg, KEXINIT_NAME_MAX + 1, "%.*s%s", (int)(at - agreed), agreed,
	         strncmp(agreed, "sk-", 3) == 0 ? "@openssh.com" : "");
	return s->conf->plain_key == NULL ? ERR_NONE : s->conf->plain_key(blob, plain);
}

/* The signature must be the host key's, by the algorithm agreed, over the exchange hash; and the
 * host key may not change while we are connected. */
static enum err check_host(struct ssh *s, struct slice blob, struct slice signature)
{
	const struct exchange *x = s->exchange;
	char alg[KEXINIT_NAME_MAX + 1];
	struct buf plain = BUF_EMPTY;
	struct pubkey *key = NULL;
	enum err e = plain_host_key(s, blob, &plain, alg);

	if (e == ERR_OK)
		e = pubkey_new(buf_slice(&plain), &key);
	if (e == ERR_OK && !pubkey_signs_as(key, slice_of(alg)))
		e = ERR_PROTO;
	if (e == ERR_OK)
		e = pubkey_verify(key, slice_of(alg), (struct slice) { x->hash, x->hash_n },
		                  signature, NULL);
	pubkey_free(key);
	buf_finish(&plain);
	if (e != ERR_OK)
		return fail(s, e, "the server's host key or its signature is not valid");
	if (s->host_key.n > 0 && !slice_equal(buf_slice(&s->host_key), blob)) {
		session_die(s, ERR_AUTH, REASON_HOST_KEY,
		            "the server showed another host key when keys were changed");
		return ERR_AUTH;
	}
	return ERR_OK;
}

static enum err keep_host(struct ssh *s, struct slice blob, struct slice signature,
                          struct ssh_event *ev)
{
	s->exchange->waits = true;
	buf_bytes(&s->host_key, blob);
	buf_bytes(&s->kex_signature, signature);
	if (buf_err(&s->host_key) != ERR_OK || buf_err(&s->kex_signature) != ERR_OK)
		return ERR_NOMEM;
	ev->kind = SSH_HOST_KEY;
	ev->data = (struct span) { s->host_key.p, s->host_key.n };
	return ERR_OK;
}

/*   byte    SSH_MSG_KEX_ECDH_REPLY (or _KEXDH_REPLY, _GEX_REPLY)
 *   string  K_S, the server's host key
 *   string  Q_S, the server's public value (mpint in the finite field methods)
 *   string  the signature on the exchange hash */
static enum err on_reply(struct ssh *s, struct wire *in, struct ssh_event *ev)
{
	struct exchange *x = s->exchange;
	struct slice host_key = wire_string(in);
	struct slice theirs = get_public(s, in);
	struct slice signature = wire_string(in);
	enum err e;

	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	e = kex_finish(x->kex, theirs, &x->secret);
	if (e != ERR_OK)
		return fail(s, e, "the server's public value is not valid");
	e = hash_exchange(s, host_key, buf_slice(&x->public_ours), theirs);
	if (e != ERR_OK)
		return fail(s, e, "hashing");
	if ((e = check_host(s, host_key, signature)) != ERR_OK || (e = make_keys(s)) != ERR_OK)
		return e;
	if (s->host_key.n == 0)
		return keep_host(s, host_key, signature, ev);
	send_newkeys(s);
	return ERR_OK;
}

/*   byte   SSH_MSG_KEX_DH_GEX_GROUP
 *   mpint  p
 *   mpint  g */
static enum err on_group(struct ssh *s, struct wire *in)
{
	struct exchange *x = s->exchange;
	struct slice p = wire_mpint(in);
	struct slice g = wire_mpint(in);
	enum err e;

	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	e = kex_group(x->kex, p, g);
	if (e != ERR_OK)
		return fail(s, e, "the server chose a group that is not safe");
	x->group_known = true;
	buf_mpint(&x->group, p);
	buf_mpint(&x->group, g);
	return buf_err(&x->group) == ERR_OK ? send_init(s) : ERR_NOMEM;
}

void exchange_trusted(struct ssh *s, bool trusted)
{
	if (session_dead(s) || !exchange_waits(s) || session_is_server(s))
		return;
	s->exchange->waits = false;
	if (!trusted) {
		session_die(s, ERR_AUTH, REASON_HOST_KEY, "the host key was not accepted");
		return;
	}
	s->host_key_trusted = true;
	send_newkeys(s);
}

/* ---- server ---- */

/* RFC 8332: an RSA key signs under another name than its type. */
static bool key_serves(struct slice blob, struct slice alg)
{
	struct wire in = wire_in(blob);
	struct slice type = wire_string(&in);

	if (slice_is(type, "ssh-rsa"))
		return slice_is(alg, "rsa-sha2-512") || slice_is(alg, "rsa-sha2-256");
	return slice_equal(type, alg);
}

struct slice exchange_host_key(const struct ssh *s, struct slice alg)
{
	for (size_t i = 0; i < s->conf->host_keys_n; i++)
		if (key_serves(s->conf->host_keys[i], alg))
			return s->conf->host_keys[i];
	return (struct slice) { NULL, 0 };
}

static enum err ask_signature(struct ssh *s, struct slice host_key)
{
	struct exchange *x = s->exchange;

	buf_clear(&s->sign.data);
	buf_bytes(&s->sign.data, (struct slice) { x->hash, x->hash_n });
	if (buf_err(&s->sign.data) != ERR_OK || buf_err(&x->reply) != ERR_OK)
		return ERR_NOMEM;
	s->sign.alg = slice_of(s->kexinit.host_key_alg);
	s->sign.blob = host_key;
	s->notes |= NOTE_SIGN;
	x->waits = true;
	return ERR_OK;
}

/*   byte    SSH_MSG_KEY_DH_GEX_REQUEST
 *   uint32  min, preferred and maximal size in bits; answered with
 *
 *   byte    SSH_MSG_KEX_DH_GEX_GROUP
 *   mpint   p
 *   mpint   g (RFC 4419 §3) */
static enum err on_group_request(struct ssh *s, struct wire *in)
{
	struct exchange *x = s->exchange;
	uint32_t min = wire_u32(in);
	uint32_t wanted = wire_u32(in);
	uint32_t max = wire_u32(in);
	struct buf p = BUF_EMPTY, g = BUF_EMPTY, msg = BUF_EMPTY;
	enum err e;

	if (wire_end(in) != ERR_OK || min > wanted || wanted > max)
		return ERR_PROTO;
	e = kex_group_choose(x->kex, min, wanted, max, &p, &g);
	if (e == ERR_OK) {
		x->group_known = true;
		buf_u32(&x->group, min);
		buf_u32(&x->group, wanted);
		buf_u32(&x->group, max);
		buf_mpint(&x->group, buf_slice(&p));
		buf_mpint(&x->group, buf_slice(&g));
		buf_u8(&msg, MSG_GEX_GROUP);
		buf_mpint(&msg, buf_slice(&p));
		buf_mpint(&msg, buf_slice(&g));
		if (buf_err(&x->group) != ERR_OK)
			msg.err = buf_err(&x->group);
		tx_message(s, &msg);
	}
	buf_finish(&p);
	buf_finish(&g);
	return e == ERR_OK ? session_err(s)
	                   : fail(s, e, "no group of the size that the client asks for");
}

/*   byte    SSH_MSG_KEX_ECDH_INIT (or _KEXDH_INIT, _GEX_INIT)
 *   string  Q_C, the client's public value (mpint in the finite field methods) */
static enum err on_init(struct ssh *s, struct wire *in)
{
	struct exchange *x = s->exchange;
	struct slice theirs = get_public(s, in);
	struct slice host_key = exchange_host_key(s, slice_of(s->kexinit.host_key_alg));
	enum err e;

	if (wire_end(in) != ERR_OK)
		return ERR_PROTO;
	if (host_key.n == 0)
		return fail(s, ERR_NONE, "no host key of the agreed type");
	e = kex_respond(x->kex, s->rng, theirs, &x->public_ours, &x->secret);
	if (e != ERR_OK)
		return fail(s, e, "the client's public value is not valid");
	e = hash_exchange(s, host_key, theirs, buf_slice(&x->public_ours));
	if (e != ERR_OK)
		return fail(s, e, "hashing");
	if (s->host_key.n == 0)
		buf_bytes(&s->host_key, host_key);
	if (buf_err(&s->host_key) != ERR_OK)
		return ERR_NOMEM;
	buf_u8(&x->reply, x->group_known ? MSG_GEX_REPLY : MSG_KEX_REPLY);
	buf_string(&x->reply, host_key);
	put_public(s, &x->reply, buf_slice(&x->public_ours));
	e = make_keys(s);
	return e == ERR_OK ? ask_signature(s, host_key) : e;
}

void exchange_signed(struct ssh *s, struct slice signature)
{
	struct exchange *x = s->exchange;

	if (session_dead(s) || !exchange_waits(s) || !session_is_server(s))
		return;
	x->waits = false;
	if (signature.n == 0) {
		session_die(s, ERR_CRYPTO, REASON_KEX, "the host key could not sign");
		return;
	}
	buf_string(&x->reply, signature);
	tx_message(s, &x->reply);
	if (!session_dead(s))
		send_newkeys(s);
}

/* Which message may come depends on the method and on how far it is. */
enum err exchange_on_message(struct ssh *s, uint8_t type, struct wire *in, struct ssh_event *ev)
{
	struct exchange *x = s->exchange;
	bool gex = s->kexinit.kex->kind == KEX_EXCHANGE;

	if (x == NULL || x->kex == NULL || x->keyed)
		return ERR_PROTO;
	if (session_is_server(s) && gex && !x->group_known)
		return type == MSG_GEX_REQUEST ? on_group_request(s, in) : ERR_PROTO;
	if (session_is_server(s))
		return type == (gex ? MSG_GEX_INIT : MSG_KEX_INIT) ? on_init(s, in) : ERR_PROTO;
	if (gex && !x->group_known)
		return type == MSG_GEX_GROUP ? on_group(s, in) : ERR_PROTO;
	return type == (gex ? MSG_GEX_REPLY : MSG_KEX_REPLY) ? on_reply(s, in, ev) : ERR_PROTO;
}
