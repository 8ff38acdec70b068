/* tx -- the way out: messages are sealed in place and wait, in order, to be taken below.
 *
 * RFC 4253 §6. While a key exchange is under way only its own messages may leave (§7.1); others are
 * held unsealed until NEWKEYS, up to a limit that ends the connection: reading goes on meanwhile,
 * since the peer's NEWKEYS is behind what it sent before. New channel data is not held: chan_room()
 * is 0 then.
 */
#pragma once
#include "aead.h"
#include "buf.h"
#include "pkt.h"
#include "ssh.h"

enum {
	TX_HEAD = 5,             /* packet_length, padding_length */
	TX_PAD_MAX = 4 + 16 - 1, /* longest padding added */
	TX_PLAIN_BLOCK = 8,      /* before the first NEWKEYS (§6) */
	TX_FULL = 1 << 20,       /* bytes of memory in answers, before ssh_rx_full() */
	TX_HELD_CHANNEL = 4096,  /* bytes of memory that each channel allowed may hold unsealed */
};

struct tx {
	struct aead *aead; /* NULL before the first NEWKEYS */
	uint32_t seq;      /* of the next packet (§6.4) */
	struct pktq sealed;
	struct pktq held;                    /* unsealed, for after NEWKEYS */
	bool blocked;                        /* our KEXINIT was sent, our NEWKEYS not yet */
	uint64_t keyed_bytes, keyed_packets; /* under the present keys */
	uint64_t bytes, packets;             /* in all */
};

void tx_finish(struct tx *tx);

/* Queues the message in msg, type byte first, and finishes msg. Out of memory, and any error that
 * sticks in msg, ends the connection. */
void tx_message(struct ssh *s, struct buf *msg);

/* Takes a payload with room around it; sealed and queued now, or held. */
void tx_packet(struct ssh *s, struct pkt *p);
/* The same without asking whether the login is done. */
void tx_packet_now(struct ssh *s, struct pkt *p);
/* The same, past everything that is held. */
void tx_seal(struct ssh *s, struct pkt *p);

/* Our NEWKEYS was sealed: takes the new keys. What was held still waits for tx_release(). */
void tx_rekeyed(struct ssh *s, struct aead *aead, bool reset_seq);
void tx_release(struct ssh *s);

size_t tx_headroom(const struct ssh *s); /* around a payload, layers below included */
size_t tx_tailroom(const struct ssh *s);
size_t tx_sealed_len(const struct ssh *s, size_t payload); /* bytes on the wire */
