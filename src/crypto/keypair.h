/* keypair -- private keys in memory: sign, and show the public half.
 *
 * Ed25519, ECDSA on the three NIST curves, RSA. Signing draws randomness from the library where the
 * algorithm needs it (ECDSA), which is why it is done outside the engine.
 */
#pragma once
#include "base.h"
#include "buf.h"
#include "pubkey.h"

struct keypair;

/* Each makes a key from its parts and checks that they belong together. ERR_PROTO: they do not, or
 * are out of bounds. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err keypair_ed25519(const uint8_t seed[static 32],
                                  const uint8_t public_key[static 32], struct keypair **k);
struct keypair_rsa { /* big-endian numbers */
	struct slice n, e, d, iqmp, p, q;
};
MUST_USE enum err keypair_rsa(const struct keypair_rsa *parts, struct keypair **k);
/* curve: "nistp256", "nistp384" or "nistp521"; point: uncompressed (SEC 1 §2.3.3). */
MUST_USE enum err keypair_ecdsa(struct slice curve, struct slice point, struct slice secret,
                                struct keypair **k);

/* A new key: "ssh-ed25519", "ecdsa-sha2-nistp256/384/521", or "ssh-rsa" with bits. ERR_NONE: an
 * unknown type. ERR_LIMIT: bits out of bounds. */
MUST_USE enum err keypair_generate(struct slice type, unsigned bits, struct keypair **k);

void keypair_free(struct keypair *k); /* wipes; NULL is fine */

const char *keypair_type(const struct keypair *k); /* "ssh-ed25519", ... */

/* Appends the public key blob (without a length before it). */
MUST_USE enum err keypair_public(const struct keypair *k, struct buf *blob);

/* Appends the parts in the order of OpenSSH's private key section (PROTOCOL.key), type first. */
MUST_USE enum err keypair_private(const struct keypair *k, struct buf *out);

/* Appends the signature blob: string algorithm, string signature. alg: the type, or rsa-sha2-256 or
 * rsa-sha2-512 for RSA. ERR_NONE: the key cannot sign so. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err keypair_sign(const struct keypair *k, struct slice alg, struct slice data,
                               struct buf *signature);
