/* kex -- the arithmetic of a key exchange: two public values, one shared secret.
 *
 *   curve25519-sha256(@libssh.org)        RFC 8731
 *   ecdh-sha2-nistp256/384/521            RFC 5656 §4
 *   diffie-hellman-group14/16/18-*        RFC 8268; -group-exchange-sha256: RFC 4419
 *   mlkem768x25519-sha256, sntrup761x25519-sha512(@openssh.com)   hybrids: a KEM beside X25519
 *
 * The client starts and finishes, the server responds. Public values are the content of the
 * messages' string or mpint field. All randomness comes from the caller's rng. Bad group elements
 * (a wrong length, a low-order or off-curve point, 0, 1, p-1, p, an unreduced KEM key) are refused
 * with ERR_PROTO before anything is derived from them.
 */
#pragma once
#include "base.h"
#include "buf.h"
#include "hash.h"
#include "rng.h"

enum kex_kind {
	KEX_ECDH,     /* public values are strings (RFC 5656 §4), messages 30 and 31 */
	KEX_DH,       /* fixed group: public values are mpints (RFC 4253 §8), messages 30 and 31 */
	KEX_EXCHANGE, /* the server names the group first (RFC 4419), messages 30 to 34 */
};

struct kex_alg {
	const char *name;
	enum kex_kind kind;
	enum hash_alg hash; /* of the exchange hash and the key derivation */
};

struct kex;

extern const char kex_names[], kex_names_default[]; /* best first, comma-separated */

const struct kex_alg *kex_find(struct slice name); /* NULL: unknown */

struct kex *kex_new(const struct kex_alg *alg); /* NULL when out of memory */
void kex_free(struct kex *k);                   /* wipes; NULL is fine */

/* KEX_EXCHANGE only: the group to compute in; before start and respond. ERR_PROTO: p is even,
 * shorter than 2048 or longer than 8192 bits, or g is not in [2, p-2]. */
MUST_USE enum err kex_group(struct kex *k, struct slice p, struct slice g);

/* KEX_EXCHANGE, server: chooses among RFC 3526's groups for a client that asks for min to max bits
 * and wants `wanted`, computes in it from now on, and appends its numbers, big-endian. ERR_PROTO:
 * there is none between min and max. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err kex_group_choose(struct kex *k, uint32_t min, uint32_t wanted, uint32_t max,
                                   struct buf *p, struct buf *g);

/* Client: appends our public value to out. ERR_NOMEM, ERR_CRYPTO, or the rng's error. */
MUST_USE enum err kex_start(struct kex *k, const struct rng *rng, struct buf *out);

/* Server: takes the client's public value, appends ours to out, and the shared secret to secret in
 * the encoding that the exchange hash wants (mpint, or string for hybrids), length included. */
MUST_USE enum err kex_respond(struct kex *k, const struct rng *rng, struct slice peer,
                              struct buf *out, struct buf *secret);

/* Client: takes the server's public value, appends the encoded secret as above. */
MUST_USE enum err kex_finish(struct kex *k, struct slice peer, struct buf *secret);
