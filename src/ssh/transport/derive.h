/* derive -- the keys of both directions, made from what a key exchange has agreed on.
 *
 * RFC 4253 §7.2.
 */
#pragma once
#include "aead.h"
#include "hash.h"

struct derive {
	enum hash_alg alg;
	struct slice secret;     /* K, encoded as the exchange hash takes it */
	struct slice hash;       /* H */
	struct slice session_id; /* the first H */
};

/* The protection of one direction: client_to_server picks the letters A, C and E, otherwise B, D
 * and F. ERR_NONE: an unknown name. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err derive_aead(const struct derive *d, bool client_to_server, enum aead_way way,
                              struct slice cipher, struct slice mac, struct aead **out);
