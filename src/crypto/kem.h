/* kem -- a key encapsulation mechanism, as the hybrid key exchanges use one.
 *
 * Internal to this folder. The client makes a key pair and sends the public key; the server
 * encapsulates: draws a shared secret and sends it as a ciphertext only the client can open. A
 * changed ciphertext gives another secret, never an error, so the exchange fails later and tells
 * nothing about the key. All run in time that depends on no secret.
 */
#pragma once
#include "base.h"
#include "rng.h"

enum {
	KEM_SHARED = 32, /* bytes of shared secret */
	KEM_PUBLIC_MAX = 1184,
	KEM_CIPHER_MAX = 1088,
};

struct kem {
	size_t public_key, secret_key, cipher; /* bytes */
	/* Each returns the rng's error, ERR_NOMEM or ERR_CRYPTO; encap also ERR_PROTO for a public
	 * key that is not in the one form its numbers have. */
	enum err (*keypair)(const struct rng *rng, uint8_t *public_key, uint8_t *secret_key);
	enum err (*encap)(const struct rng *rng, const uint8_t *public_key, uint8_t *cipher,
	                  uint8_t *shared);
	enum err (*decap)(const uint8_t *secret_key, const uint8_t *cipher, uint8_t *shared);
};
