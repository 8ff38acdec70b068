/* cipher -- symmetric ciphers for key files, not for packets: aes*-cbc/ctr, aes*-gcm@openssh.com,
 * chacha20-poly1305@openssh.com, 3des-cbc.
 *
 * PROTOCOL.key names the cipher of a private key section by its SSH name.
 */
#pragma once
#include "base.h"

struct cipher_need {
	size_t key, iv, block, tag; /* bytes; tag is 0 without authentication */
};

/* ERR_NONE: an unknown name. "none" needs nothing and has blocks of 8. */
MUST_USE enum err cipher_needs(struct slice name, struct cipher_need *need);

/* Decrypts or encrypts p[0..n) where it lies; tag is read when opening and written when sealing.
 * ERR_PROTO: n is no multiple of the block. ERR_AUTH: the tag is wrong. ERR_CRYPTO. */
MUST_USE enum err cipher_open(struct slice name, const uint8_t *key, const uint8_t *iv, uint8_t *p,
                              size_t n, const uint8_t *tag);
MUST_USE enum err cipher_seal(struct slice name, const uint8_t *key, const uint8_t *iv, uint8_t *p,
                              size_t n, uint8_t *tag);
