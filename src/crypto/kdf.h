/* kdf -- keys from passphrases: bcrypt_pbkdf, as OpenSSH's key files use it (PROTOCOL.key).
 *
 * OpenSSL has no bcrypt; this is Provos and Mazières' eksblowfish with Ted Unangst's PBKDF2
 * variant, checked against published vectors.
 */
#pragma once
#include "base.h"

enum { KDF_ROUNDS_MAX = 1 << 16 }; /* more would only serve to stall us */

/* Fills out[0..n). ERR_LIMIT: rounds is 0 or over KDF_ROUNDS_MAX, or a length is 0 or too long.
 * ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err kdf_bcrypt(struct slice passphrase, struct slice salt, uint32_t rounds,
                             uint8_t *out, size_t n);
