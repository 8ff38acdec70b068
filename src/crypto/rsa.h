/* rsa -- RSA keys for the library, made from their numbers and checked first.
 *
 * Internal to this folder. RFC 8017 §3. All numbers are unsigned and big-endian.
 */
#pragma once
#include "keypair.h"
#include "libcrypto.h"

/* ERR_PROTO: n is even or not PUBKEY_RSA_MIN to PUBKEY_RSA_MAX bits long, or e is even, under 3, or
 * longer than 32 bits, which would only make checking slow. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err rsa_public(struct slice n, struct slice e, EVP_PKEY **key);

/* ERR_PROTO: as above, or the numbers do not belong together. */
MUST_USE enum err rsa_private(const struct keypair_rsa *parts, EVP_PKEY **key);
