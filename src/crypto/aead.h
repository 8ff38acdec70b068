/* aead -- keeps the packets of one direction secret and whole, whatever the two algorithms are.
 *
 * One interface for the four ways in which SSH protects a packet:
 *   aes*-gcm@openssh.com           RFC 5647; length in clear, authenticated
 *   chacha20-poly1305@openssh.com  PROTOCOL.chacha20poly1305; length encrypted with a key of its own
 *   aes*-ctr + hmac-*-etm          RFC 4344, PROTOCOL §1.5; length in clear, MAC over the ciphertext
 *   aes*-ctr + hmac-*              RFC 4253 §6; all encrypted, MAC over the plaintext
 * A packet is RFC 4253 §6's: uint32 packet_length, byte padding_length, payload, padding; then the
 * tag. It is sealed and opened where it lies. No allocation after aead_new().
 */
#pragma once
#include "base.h"

enum {
	AEAD_TAG_MAX = 64,  /* bytes after a packet: hmac-sha2-512 */
	AEAD_HEAD_MAX = 16, /* bytes needed before the length can be read */
};

enum aead_way { AEAD_SEAL, AEAD_OPEN };

struct aead;

/* All that can be negotiated, best first, comma-separated; the ..._default lists are what is
 * offered when nothing is configured. An AEAD cipher ignores the MAC. */
extern const char aead_ciphers[], aead_ciphers_default[];
extern const char aead_macs[], aead_macs_default[];

bool aead_has_mac(struct slice cipher); /* true: this cipher authenticates, no MAC is negotiated */

/* Bytes of key material to derive (RFC 4253 §7.2). ERR_NONE: an unknown name. */
struct aead_need {
	size_t key, iv, mac;
};
MUST_USE enum err aead_needs(struct slice cipher, struct slice mac, struct aead_need *need);

/* Ready to protect packets in one direction; keys are copied. NULL: out of memory, unknown names,
 * or the library refuses. */
struct aead *aead_new(struct slice cipher, struct slice mac, enum aead_way way, const uint8_t *key,
                      const uint8_t *iv, const uint8_t *mac_key);
void aead_free(struct aead *a); /* wipes; NULL is fine */

size_t aead_block(const struct aead *a); /* what padding rounds up to: 8 or 16 */
size_t aead_tag(const struct aead *a);   /* bytes of tag behind a packet */
size_t aead_head(const struct aead *a);  /* bytes of a packet that aead_length() needs */
/* Whether padding is counted without the 4 bytes of packet_length (AEAD and -etm). */
bool aead_length_apart(const struct aead *a);
/* Bytes after which the keys must be changed (RFC 4344 §3.2; 1 GiB for 8-byte blocks). */
uint64_t aead_limit(const struct aead *a);

/* Encrypts the n bytes of the packet at p, length field included, and writes the tag behind them.
 * ERR_CRYPTO: nothing may be sent. */
MUST_USE enum err aead_seal(struct aead *a, uint32_t seq, uint8_t *p, size_t n);

/* Reads packet_length from the first aead_head() bytes of a sealed packet, not yet authenticated:
 * check its bounds, and believe nothing else. Called once for each packet, before aead_open(); p is
 * not changed. ERR_CRYPTO. */
MUST_USE enum err aead_length(struct aead *a, uint32_t seq, const uint8_t *p, uint32_t *length);

/* Checks the tag behind the n bytes at p (length field included), then decrypts them where they
 * lie. ERR_AUTH: the packet was changed; p holds nothing that may be used. ERR_CRYPTO. */
MUST_USE enum err aead_open(struct aead *a, uint32_t seq, uint8_t *p, size_t n);
