#include "rx.h"

#include <string.h>

#include "session.h"
#include "text.h"

void rx_finish(struct rx *rx)
{
	aead_free(rx->aead);
	rx->aead = NULL;
	buf_finish(&rx->part);
	buf_finish(&rx->kept);
	buf_finish(&rx->live);
}

bool rx_paused(const struct ssh *s)
{
	return s->login.waiting || exchange_waits(s);
}

static void keep(struct ssh *s, const uint8_t *p, size_t n)
{
	buf_bytes(&s->rx.kept, (struct slice) { p, n });
	if (buf_err(&s->rx.kept) != ERR_OK)
		session_nomem(s);
}

void rx_lend(struct ssh *s, uint8_t *p, size_t n)
{
	struct rx *rx = &s->rx;

	if (rx->lent.n > 0 || rx->kept.n > 0)
		keep(s, p, n);
	else
		rx->lent = (struct span) { p, n };
}

/* Puts lent bytes away while paused, and takes them up again after. False: still paused. */
static bool resume(struct ssh *s)
{
	struct rx *rx = &s->rx;
	struct buf swap;

	if (rx_paused(s)) {
		if (rx->lent.n == 0)
			return false;
		swap = rx->kept; /* what is lent comes before what was kept behind it */
		rx->kept = BUF_EMPTY;
		keep(s, rx->lent.p, rx->lent.n);
		keep(s, swap.p, swap.n);
		buf_finish(&swap);
		rx->lent.n = 0;
		return false;
	}
	if (rx->lent.n == 0 && rx->kept.n > 0) {
		buf_finish(&rx->live);
		rx->live = rx->kept;
		rx->kept = BUF_EMPTY;
		rx->lent = (struct span) { rx->live.p, rx->live.n };
	}
	return true;
}

void rx_rekeyed(struct ssh *s, struct aead *aead, bool reset_seq)
{
	aead_free(s->rx.aead);
	s->rx.aead = aead;
	s->rx.keyed_bytes = s->rx.keyed_packets = 0;
	s->rx_after_keys = 0;
	if (reset_seq)
		s->rx.seq = 0;
}

static uint32_t length_max(const struct ssh *s)
{
	uint32_t most = s->conf->packet + RX_SLACK;

	return most < RX_LENGTH_MAX ? RX_LENGTH_MAX : most;
}

static enum err bad(struct ssh *s, enum err e, uint32_t reason, const char *what)
{
	session_die(s, e, reason, "%s", what);
	return e;
}

/* Reads packet_length; nothing about it is authenticated yet in most modes. */
static enum err read_length(struct ssh *s, const uint8_t *p)
{
	struct rx *rx = &s->rx;
	size_t block = rx->aead == NULL ? TX_PLAIN_BLOCK : aead_block(rx->aead);
	bool apart = rx->aead != NULL && aead_length_apart(rx->aead);
	enum err e = ERR_OK;
	uint32_t n = 0;

	if (rx->aead == NULL)
		n = get_u32(p);
	else
		e = aead_length(rx->aead, rx->seq, p, &n);
	if (e != ERR_OK)
		return bad(s, e, REASON_NONE, "a packet's length could not be decrypted");
	if (n < RX_LENGTH_MIN || n > length_max(s) || (n + (apart ? 0 : 4)) % block != 0)
		return bad(s, ERR_PROTO, REASON_PROTOCOL,
		           rx->aead == NULL ? "the peer sent a packet of impossible length"
		                            : "the peer sent a packet of impossible length, "
		                              "or the data was changed on the way");
	rx->length = n;
	return ERR_OK;
}

static size_t head_size(const struct rx *rx)
{
	return rx->aead == NULL ? 4 : aead_head(rx->aead);
}

static size_t whole_size(const struct rx *rx)
{
	return 4 + (size_t)rx->length + (rx->aead == NULL ? 0 : aead_tag(rx->aead));
}

static void lent_take(struct rx *rx, size_t n)
{
	rx->lent.p += n;
	rx->lent.n -= n;
}

/* Moves lent bytes behind part until it has `want`; ERR_MORE when there are too few. */
static enum err part_fill(struct ssh *s, size_t want)
{
	struct rx *rx = &s->rx;
	size_t n = want - rx->part.n;

	if (rx->part.n >= want)
		return ERR_OK;
	if (n > rx->lent.n)
		n = rx->lent.n;
	buf_bytes(&rx->part, (struct slice) { rx->lent.p, n });
	if (buf_err(&rx->part) != ERR_OK) {
		session_nomem(s);
		return ERR_NOMEM;
	}
	lent_take(rx, n);
	return rx->part.n >= want ? ERR_OK : ERR_MORE;
}

/* Finds the next whole sealed packet, in the lent bytes or in part. */
static enum err find(struct ssh *s, uint8_t **p)
{
	struct rx *rx = &s->rx;
	size_t head = head_size(rx);
	enum err e;

	if (rx->part.n == 0 && rx->lent.n >= head) {
		if (rx->length == 0 && (e = read_length(s, rx->lent.p)) != ERR_OK)
			return e;
		if (rx->lent.n >= whole_size(rx)) {
			*p = rx->lent.p;
			lent_take(rx, whole_size(rx));
			return ERR_OK;
		}
	}
	if (rx->lent.n == 0)
		return ERR_MORE;
	if (rx->length == 0) {
		if ((e = part_fill(s, head)) != ERR_OK ||
		    (e = read_length(s, rx->part.p)) != ERR_OK)
			return e;
	}
	if ((e = part_fill(s, whole_size(rx))) != ERR_OK)
		return e;
	rx->part_done = true;
	*p = rx->part.p;
	return ERR_OK;
}

static enum err read_ident(struct ssh *s)
{
	struct slice in = { s->rx.lent.p, s->rx.lent.n };
	char said[128];
	size_t used;
	enum err e = ident_read(&s->ident, session_is_server(s), in, &used);

	lent_take(&s->rx, used);
	s->rx.bytes += used;
	if (e == ERR_OK) {
		s->state = ST_KEXINIT;
		return ERR_OK;
	}
	if (e == ERR_MORE)
		return e;
	text_clean((struct slice) { s->ident.line, s->ident.line_n }, said, sizeof said);
	if (e == ERR_LIMIT)
		session_die(s, e, REASON_NONE, "the peer sent too much before its SSH version");
	else
		session_die(s, e, REASON_NONE, "the peer does not speak SSH 2; it said: %s", said);
	return e;
}

/* Opens the packet at p; the payload lies between its two headers and its padding. */
static enum err open_packet(struct ssh *s, uint8_t *p, struct span *payload)
{
	struct rx *rx = &s->rx;
	size_t n = 4 + (size_t)rx->length, pad;
	enum err e = ERR_OK;

	if (rx->aead != NULL)
		e = aead_open(rx->aead, rx->seq, p, n);
	if (e == ERR_AUTH)
		return bad(s, e, REASON_MAC, "a packet was changed on the way (bad MAC)");
	if (e != ERR_OK)
		return bad(s, e, REASON_NONE, "a packet could not be decrypted");
	pad = p[4];
	if (pad < 4 || pad >= rx->length - 1)
		return bad(s, ERR_PROTO, REASON_PROTOCOL, "the peer sent a packet without content");
	payload->p = p + TX_HEAD;
	payload->n = rx->length - 1 - pad;
	rx->bytes += whole_size(rx);
	rx->keyed_bytes += whole_size(rx);
	rx->keyed_packets++;
	rx->packets++;
	rx->seq++;
	rx->length = 0;
	s->rx_after_keys++;
	return ERR_OK;
}

enum err rx_packet(struct ssh *s, struct span *payload)
{
	struct rx *rx = &s->rx;
	uint8_t *p;
	enum err e;

	if (rx->part_done) {
		buf_clear(&rx->part);
		rx->part_done = false;
	}
	do { /* what was kept lies behind what is lent, in memory of its own */
		if (!resume(s))
			return session_dead(s) ? ERR_NOMEM : ERR_MORE;
		e = s->state == ST_IDENT ? read_ident(s) : ERR_OK;
		if (e == ERR_OK)
			e = find(s, &p);
	} while (e == ERR_MORE && rx->kept.n > 0);
	if (e != ERR_OK)
		return e;
	return open_packet(s, p, payload);
}
