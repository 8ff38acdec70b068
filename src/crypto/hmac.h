/* hmac -- a keyed HMAC (RFC 2104) for many messages, one after the other.
 *
 * Internal to this folder; hash_hmac() is for a single one. Kept because OpenSSL's own HMAC
 * allocates for every message, and a packet must not fail for want of memory.
 */
#pragma once
#include "base.h"
#include "hash.h"

struct hmac;

/* The key has hash_len(alg) bytes and is copied. NULL: out of memory, or the library refuses. */
struct hmac *hmac_new(enum hash_alg alg, const uint8_t *key);
void hmac_free(struct hmac *h); /* wipes; NULL is fine */

/* Writes hash_len() bytes: the MAC of the number seq, then of data (RFC 4253 §6.4). ERR_CRYPTO. */
MUST_USE enum err hmac_packet(struct hmac *h, uint32_t seq, struct slice data, uint8_t *out);
