/* pubkey_ops -- what a public key is made of, and the table of signature algorithms.
 *
 * Internal to this folder.
 */
#pragma once
#include "ecdsa.h"
#include "libcrypto.h"
#include "pubkey.h"

struct pubkey {
	enum pubkey_kind kind;
	const char *type;
	const struct ecdsa_curve *curve; /* NULL unless ECDSA */
	EVP_PKEY *key;
	unsigned bits;
	struct buf application; /* sk keys */
};

enum { ED25519_LEN = 32, ED25519_SIGNATURE = 64 };

/* The library's name of the digest that comes with an RSA signature algorithm. NULL: unknown. */
const char *pubkey_rsa_hash(struct slice alg);
