#include "tx.h"

#include <assert.h>
#include <string.h>

#include "session.h"

void tx_finish(struct tx *tx)
{
	aead_free(tx->aead);
	tx->aead = NULL;
	pktq_free(&tx->sealed);
	pktq_free(&tx->held);
}

size_t tx_headroom(const struct ssh *s)
{
	return s->conf->headroom + TX_HEAD;
}

size_t tx_tailroom(const struct ssh *s)
{
	return s->conf->tailroom + TX_PAD_MAX + AEAD_TAG_MAX;
}

/* RFC 4253 §6: at least four bytes, up to a multiple of the block. */
static size_t padding(const struct tx *tx, size_t payload)
{
	size_t block = tx->aead == NULL ? TX_PLAIN_BLOCK : aead_block(tx->aead);
	size_t counted = TX_HEAD + payload;
	size_t pad;

	if (tx->aead != NULL && aead_length_apart(tx->aead))
		counted -= 4;
	pad = block - counted % block;
	return pad < 4 ? pad + block : pad;
}

size_t tx_sealed_len(const struct ssh *s, size_t payload)
{
	size_t tag = s->tx.aead == NULL ? 0 : aead_tag(s->tx.aead);

	return TX_HEAD + payload + padding(&s->tx, payload) + tag;
}

/*   uint32    packet_length  (padding_length, payload and padding)
 *   byte      padding_length
 *   byte[n1]  payload
 *   byte[n2]  padding: zeros, which a stream cipher hides as well as random bytes
 *   byte[m]   mac */
static enum err seal(struct tx *tx, struct pkt *p)
{
	size_t pad = padding(tx, p->len), n;

	memset(pkt_put(p, pad), 0, pad);
	pkt_push(p, TX_HEAD);
	n = p->len;
	put_u32(p->data, (uint32_t)(n - 4));
	p->data[4] = (uint8_t)pad;
	if (tx->aead == NULL)
		return ERR_OK;
	pkt_put(p, aead_tag(tx->aead));
	return aead_seal(tx->aead, tx->seq, p->data, n);
}

void tx_seal(struct ssh *s, struct pkt *p)
{
	struct tx *tx = &s->tx;
	enum err e = seal(tx, p);

	if (e != ERR_OK) {
		pkt_free(p);
		session_die(s, e, REASON_NONE, "a packet could not be encrypted: %s", err_text(e));
		return;
	}
	tx->seq++;
	tx->keyed_packets++;
	tx->keyed_bytes += p->len;
	tx->packets++;
	tx->bytes += p->len;
	pktq_push(&tx->sealed, p);
}

/* RFC 4253 §7.1: what may be sent between our KEXINIT and our NEWKEYS. */
static bool may_pass(uint8_t type)
{
	return type <= MSG_DEBUG || (type >= MSG_KEXINIT && type <= MSG_KEX_LAST);
}

static size_t held_max(const struct ssh *s)
{
	return TX_FULL + (size_t)s->conf->channels_max * TX_HELD_CHANNEL;
}

void tx_packet(struct ssh *s, struct pkt *p)
{
	if (p->data[0] >= MSG_GLOBAL_REQUEST && p->data[0] <= MSG_CHAN_FAILURE && !session_open(s))
		early_packet(s, p);
	else
		tx_packet_now(s, p);
}

void tx_packet_now(struct ssh *s, struct pkt *p)
{
	if (!s->tx.blocked || may_pass(p->data[0])) {
		tx_seal(s, p);
		return;
	}
	pktq_push(&s->tx.held, p);
	if (s->tx.held.held > held_max(s))
		session_die(s, ERR_LIMIT, REASON_PROTOCOL,
		            "the peer asks for more and more before it goes on with the change "
		            "of keys");
}

void tx_message(struct ssh *s, struct buf *msg)
{
	struct pkt *p = NULL;
	enum err e = buf_err(msg);

	if (session_dead(s) && (msg->n == 0 || msg->p[0] != MSG_DISCONNECT)) {
		buf_finish(msg);
		return;
	}
	if (e == ERR_OK) {
		p = pkt_new(tx_headroom(s), msg->n, tx_tailroom(s));
		e = p == NULL ? ERR_NOMEM : ERR_OK;
	}
	if (e == ERR_OK)
		memcpy(pkt_put(p, msg->n), msg->p, msg->n);
	buf_finish(msg);
	if (e != ERR_OK)
		session_die(s, e, REASON_NONE, "a message could not be built: %s", err_text(e));
	else
		tx_packet(s, p);
}

void tx_rekeyed(struct ssh *s, struct aead *aead, bool reset_seq)
{
	struct tx *tx = &s->tx;

	aead_free(tx->aead);
	tx->aead = aead;
	tx->keyed_bytes = tx->keyed_packets = 0;
	if (reset_seq)
		tx->seq = 0;
	tx->blocked = false;
}

void tx_release(struct ssh *s)
{
	struct pkt *p;

	while (!session_dead(s) && (p = pktq_pop(&s->tx.held)) != NULL)
		tx_seal(s, p);
}
