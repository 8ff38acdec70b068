#include "ssh.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "pubkey.h"
#include "rekey.h"
#include "session.h"

void ssh_conf_init(struct ssh_conf *conf, enum ssh_role role)
{
	*conf = (struct ssh_conf) {
		.role = role,
		.software = "ginnel",
		.kex = kex_names_default,
		.host_key_algs = pubkey_algs_default,
		.ciphers = aead_ciphers_default,
		.macs = aead_macs_default,
		.alive_max = 3,
		.channels_max = 16384,
		.window = 2 * 1024 * 1024,
		.packet = 32 * 1024,
		.user = "",
		.login_algs = pubkey_algs_default,
		.login_methods = "publickey",
		.login_max = 6,
	};
}

/* ---- life and death ---- */

static void send_ident(struct ssh *s)
{
	size_t n = strlen(s->ident.ours);
	struct pkt *p = pkt_new(s->conf->headroom, n + 2, s->conf->tailroom);

	if (p == NULL) {
		session_nomem(s);
		return;
	}
	memcpy(pkt_put(p, n), s->ident.ours, n);
	memcpy(pkt_put(p, 2), "\r\n", 2);
	s->tx.bytes += p->len;
	pktq_push(&s->tx.sealed, p);
}

struct ssh *ssh_new(const struct ssh_conf *conf, const struct rng *rng, uint64_t now)
{
	struct ssh *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->conf = conf;
	s->rng = rng;
	s->now = s->born = s->heard_at = s->alive_at = now;
	s->state = ST_IDENT;
	s->kex_deadline = UINT64_MAX;
	channels_init(&s->channels);
	if (ident_init(&s->ident, conf->software) != ERR_OK) {
		session_die(s, ERR_LIMIT, REASON_NONE,
		            "our own version text is too long or not plain ASCII");
		return s;
	}
	send_ident(s);
	exchange_start(s);
	return s;
}

void ssh_free(struct ssh *s)
{
	if (s == NULL)
		return;
	exchange_free(s->exchange);
	tx_finish(&s->tx);
	rx_finish(&s->rx);
	kexinit_finish(&s->kexinit);
	buf_finish(&s->session_id);
	buf_finish(&s->host_key);
	buf_finish(&s->kex_signature);
	buf_finish(&s->sign.data);
	userauth_finish(&s->userauth);
	login_finish(&s->login);
	early_finish(&s->early);
	global_finish(&s->global);
	channels_finish(&s->channels);
	wipe(s, sizeof *s);
	free(s);
}

bool session_open(const struct ssh *s)
{
	return s->state == ST_OPEN ||
	       ((s->state == ST_REKEX || s->state == ST_RENEWKEYS) && s->resume == ST_OPEN);
}

bool session_may_ask(const struct ssh *s)
{
	return session_open(s) || (!session_dead(s) && !session_is_server(s));
}

void session_die(struct ssh *s, enum err code, uint32_t reason, const char *fmt, ...)
{
	bool can_say = s->state != ST_IDENT && reason != REASON_NONE;
	va_list args;

	if (session_dead(s))
		return;
	s->state = ST_DEAD;
	s->error.code = code;
	s->error.reason = reason;
	va_start(args, fmt);
	vsnprintf(s->error.text, sizeof s->error.text, fmt, args);
	va_end(args);
	s->notes = NOTE_DEAD;
	s->rx.lent.n = 0;
	pktq_free(&s->tx.held);
	if (can_say)
		control_disconnect(s, reason, s->error.text);
}

void session_nomem(struct ssh *s)
{
	session_die(s, ERR_NOMEM, REASON_NONE, "out of memory");
}

enum err session_err(const struct ssh *s)
{
	if (!session_dead(s))
		return ERR_OK;
	return s->error.code == ERR_OK ? ERR_NONE : s->error.code;
}

void ssh_close(struct ssh *s, uint32_t reason, const char *text)
{
	session_die(s, ERR_OK, reason, "%s", text);
}

struct ssh_error ssh_error(const struct ssh *s)
{
	return (struct ssh_error) { s->error.code, s->error.reason, s->error.by_peer,
		                    s->error.text };
}

/* ---- bytes in, events out ---- */

/* Whether the peer waits for us: for an answer of the application, which may ask a person. */
static bool answer_awaited(const struct ssh *s)
{
	return exchange_waits(s) || userauth_waits(s);
}

/* The time that the application takes for an answer is not the peer's: the deadlines that count
 * from `born` move on by it. The answers carry no time, so what lies between the events and the
 * next call that does is given as a whole. */
static void time_passes(struct ssh *s, uint64_t now)
{
	if (now <= s->now)
		return;
	if (s->excused)
		s->born += now - s->now;
	s->excused = answer_awaited(s);
	s->now = now;
}

void ssh_rx(struct ssh *s, uint8_t *p, size_t n, uint64_t now)
{
	time_passes(s, now);
	if (session_dead(s) || n == 0)
		return;
	s->heard_at = s->alive_at = s->now;
	s->alive_asked = 0;
	rx_lend(s, p, n);
}

void ssh_rx_eof(struct ssh *s, uint64_t now)
{
	time_passes(s, now);
	s->rx.eof = true;
}

bool ssh_rx_full(const struct ssh *s)
{
	return s->tx.sealed.held > TX_FULL || rx_paused(s);
}

static bool next_note(struct ssh *s, struct ssh_event *ev)
{
	static const struct {
		unsigned note;
		enum ssh_event_kind kind;
	} order[] = { { NOTE_SIGN, SSH_SIGN },
		      { NOTE_READY, SSH_READY },
		      { NOTE_REKEYED, SSH_REKEYED },
		      { NOTE_DEAD, SSH_DEAD } };

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		if ((s->notes & order[i].note) == 0)
			continue;
		s->notes &= ~order[i].note;
		ev->kind = order[i].kind;
		if (ev->kind == SSH_SIGN) {
			ev->name = s->sign.alg;
			ev->blob = s->sign.blob;
			ev->data = (struct span) { s->sign.data.p, s->sign.data.n };
		}
		return true;
	}
	return false;
}

/* What to log in with is asked as late as possible, so that what the server has already sent about
 * itself (EXT_INFO) is known; and not before its own NEWKEYS. */
static bool next_auth(struct ssh *s, struct ssh_event *ev)
{
	if ((s->notes & NOTE_AUTH) == 0 || (s->state != ST_AUTH && s->state != ST_SERVICE))
		return false;
	s->notes &= ~(unsigned)NOTE_AUTH;
	s->userauth.asked = true;
	ev->kind = SSH_AUTH;
	ev->name = buf_slice(&s->userauth.list);
	ev->ok = s->userauth.partial;
	return true;
}

static void ended(struct ssh *s)
{
	s->rx.eof = false;
	if (s->state == ST_IDENT)
		session_die(s, ERR_PROTO, REASON_NONE,
		            "the peer closed the connection before it said its SSH version");
	else
		session_die(s, ERR_PROTO, REASON_NONE,
		            "the connection was closed by the other side%s",
		            session_open(s) ? "" : " before the login was done");
}

bool ssh_next(struct ssh *s, struct ssh_event *ev)
{
	struct span payload;
	enum err e;

	for (;;) {
		*ev = (struct ssh_event) { .kind = SSH_NOTHING };
		if (next_note(s, ev))
			return true;
		if (session_dead(s)) /* SSH_DEAD is the last event: it ends every channel too */
			return false;
		if (channels_next(s, ev))
			return true;
		rekey_check(s);
		e = rx_packet(s, &payload);
		if (e == ERR_MORE && next_auth(s, ev))
			return true;
		if (e == ERR_MORE && s->rx.eof && !rx_paused(s)) {
			ended(s);
		} else if (e == ERR_MORE) {
			s->excused |= answer_awaited(s);
			return false;
		}
		if (e == ERR_OK)
			message_dispatch(s, payload, ev);
		if (ev->kind != SSH_NOTHING && !session_dead(s))
			return true;
	}
}

/* ---- out ---- */

const struct pkt *ssh_tx_peek(const struct ssh *s)
{
	return s->tx.sealed.first;
}

struct pkt *ssh_tx_pop(struct ssh *s)
{
	return pktq_pop(&s->tx.sealed);
}

size_t ssh_tx_queued(const struct ssh *s)
{
	return s->tx.sealed.held;
}

/* ---- time, answers, information ---- */

uint64_t ssh_deadline(const struct ssh *s)
{
	return rekey_deadline(s);
}

void ssh_tick(struct ssh *s, uint64_t now)
{
	time_passes(s, now);
	if (!session_dead(s))
		rekey_tick(s);
}

void ssh_rekey(struct ssh *s)
{
	if (s->state == ST_OPEN)
		exchange_start(s);
}

void ssh_answer_host_key(struct ssh *s, bool trusted)
{
	exchange_trusted(s, trusted);
}

void ssh_answer_sign(struct ssh *s, struct slice signature)
{
	if (session_is_server(s))
		exchange_signed(s, signature);
	else
		userauth_signed(s, signature);
}

void ssh_info(const struct ssh *s, struct ssh_info *info)
{
	const struct kexinit *k = &s->kexinit;

	*info = (struct ssh_info) {
		.peer = s->ident.software,
		.kex = k->kex == NULL ? "" : k->kex->name,
		.host_key_alg = k->host_key_alg,
		.cipher_tx = k->cipher_tx,
		.cipher_rx = k->cipher_rx,
		.mac_tx = k->mac_tx,
		.mac_rx = k->mac_rx,
		.strict = k->strict,
		.host_key = buf_slice(&s->host_key),
		.session_id = buf_slice(&s->session_id),
		.kex_signature = buf_slice(&s->kex_signature),
		.sig_algs = s->sig_algs,
		.ready = session_open(s),
		.tx_bytes = s->tx.bytes,
		.rx_bytes = s->rx.bytes,
		.tx_packets = s->tx.packets,
		.rx_packets = s->rx.packets,
		.copied = s->copied,
		.rekeys = s->rekeys,
	};
}
