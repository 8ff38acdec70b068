/* libcrypto -- what every file here needs to talk to OpenSSL (>= 3.0).
 *
 * Internal to this folder. Only calls that OpenSSL 3.0 does not deprecate are used. Its error queue
 * is emptied after each failure: nothing else in the program reads it.
 */
#pragma once
#include "base.h"

#include <openssl/bn.h>
#include <openssl/evp.h>

/* The error to return after a call into the library failed: ERR_NOMEM when it ran out of memory,
 * else otherwise. */
enum err libcrypto_fail(enum err otherwise);

/* The number whose big-endian bytes are s, computed with in constant time where the library can.
 * NULL when out of memory or longer than 2 KiB. Free with BN_clear_free(). */
BIGNUM *libcrypto_number(struct slice s);

/* Runs n <= INT_MAX bytes through ctx; with to == NULL they are authenticated only. */
bool libcrypto_crypt(EVP_CIPHER_CTX *ctx, uint8_t *to, const uint8_t *from, size_t n);
