/* kex_ops -- the state of a key exchange, and the kinds of arithmetic behind it.
 *
 * Internal to this folder. kex.c knows the names and the encoding of the secret, and calls through
 * the table.
 */
#pragma once
#include "kex.h"
#include "libcrypto.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

struct kem;

struct kex_ops {
	/* What does not depend on the peer; param is the algorithm's in the table of names. */
	enum err (*init)(struct kex *k, int param);
	/* Draws our secret and appends our public value. */
	enum err (*draw)(struct kex *k, const struct rng *rng, struct buf *out);
	/* Checks the peer's public value, then appends the shared secret, not encoded. */
	enum err (*derive)(struct kex *k, struct slice peer, struct buf *shared);
	/* Server: draw and derive at once. NULL: just one after the other. */
	enum err (*respond)(struct kex *k, const struct rng *rng, struct slice peer,
	                    struct buf *out, struct buf *shared);
	bool string; /* the secret is encoded as a string, not as an mpint */
};

struct kex {
	const struct kex_alg *alg;
	const struct kex_ops *ops;
	EVP_PKEY *x25519;    /* our secrets, NULL before draw */
	BIGNUM *secret;      /* ECDH: scalar; DH: exponent */
	uint8_t *kem_secret; /* hybrids */
	EC_GROUP *curve;     /* ECDH */
	BIGNUM *p, *g;       /* DH */
	const struct kem *kem;
};

extern const struct kex_ops kex_x25519, kex_ecdh, kex_dh, kex_hybrid;

enum { KEX_X25519_LEN = 32 };
enum {
	KEX_MLKEM768,
	KEX_SNTRUP761
}; /* param of kex_hybrid; that of kex_ecdh is a NID, that of
                                       * kex_dh the bits of p, or 0 */
