/* rx -- the way in: finds packets in the bytes that are lent, and opens them where they lie.
 *
 * RFC 4253 §6. A packet that lies whole in the lent bytes is decrypted there; one that is cut by
 * their end is put together in a buffer of our own, so a byte is copied at most once.
 */
#pragma once
#include "aead.h"
#include "buf.h"
#include "ssh.h"

enum {
	RX_LENGTH_MIN = 5 + 4 - 4, /* padding_length and four bytes of padding */
	RX_LENGTH_MAX = 35000,     /* what everyone must take (§6.1), when packets are small */
	RX_SLACK = 2048,           /* of a packet over the channel data in it */
};

struct rx {
	struct aead *aead; /* NULL before the first NEWKEYS */
	uint32_t seq;      /* of the next packet */
	struct span lent;  /* what is left of it */
	struct buf kept;   /* bytes that came while reading was paused */
	struct buf live;   /* the same, being read: lent points into it */
	struct buf part;   /* the beginning of a packet whose rest is still to come */
	bool part_done;    /* part was opened and handed out; to be cleared */
	uint32_t length;   /* packet_length of the packet being read; 0: not known yet */
	bool skip;         /* drop the next packet: a wrong guess (RFC 4253 §7) */
	bool eof;
	uint64_t keyed_bytes, keyed_packets;
	uint64_t bytes, packets;
};

void rx_finish(struct rx *rx);

/* Lends received bytes, behind what is still to be read. */
void rx_lend(struct ssh *s, uint8_t *p, size_t n);

/* Nothing more is read until the application has answered (SSH_HOST_KEY, SSH_LOGIN, a server's
 * SSH_SIGN): what is legal next depends on it, and nothing is believed of a server whose host key
 * is not trusted yet. The lent bytes are kept. */
bool rx_paused(const struct ssh *s);

/* The payload of the next packet, or of the identification nothing: ERR_MORE when the lent bytes
 * are used up. Any other error has ended the connection. */
MUST_USE enum err rx_packet(struct ssh *s, struct span *payload);

/* The peer's NEWKEYS came: takes the new keys. */
void rx_rekeyed(struct ssh *s, struct aead *aead, bool reset_seq);
