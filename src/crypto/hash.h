/* hash -- message digests: whole, or piece by piece.
 *
 * FIPS 180-4; MD5 and SHA-1 only for fingerprints, hashed host names and %C. Through OpenSSL's EVP.
 */
#pragma once
#include "base.h"

enum hash_alg { HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };

enum { HASH_MAX = 64 }; /* bytes of the longest digest */

struct hash; /* one digest being computed */

size_t hash_len(enum hash_alg alg); /* bytes of its digest */

/* NULL when out of memory or when the library refuses. */
struct hash *hash_new(enum hash_alg alg);
void hash_free(struct hash *h); /* wipes; NULL is fine */

void hash_update(struct hash *h, struct slice data); /* an error sticks until hash_final() */
/* Writes hash_len() bytes and starts afresh. ERR_CRYPTO: nothing in out may be used. */
MUST_USE enum err hash_final(struct hash *h, uint8_t *out);

/* The digest of data in one call. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err hash_once(enum hash_alg alg, struct slice data, uint8_t *out);

/* HMAC (RFC 2104) in one call; out takes hash_len() bytes. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err hash_hmac(enum hash_alg alg, struct slice key, struct slice data, uint8_t *out);

/* Whether two secrets are equal, in time that depends on n only. */
bool hash_equal(const uint8_t *a, const uint8_t *b, size_t n);
