/* pubkey -- public keys as SSH blobs, and the signatures they check.
 *
 * RFC 4253 §6.6 (ssh-rsa), RFC 5656 §3 (ecdsa), RFC 8709 (ed25519), RFC 8332 (rsa-sha2-*),
 * PROTOCOL.u2f (sk-ssh-ed25519@openssh.com, sk-ecdsa-sha2-nistp256@openssh.com). Certificates are
 * not read here: keys/certificate takes the key out of them.
 */
#pragma once
#include "base.h"
#include "buf.h"

enum pubkey_kind {
	PUBKEY_RSA,
	PUBKEY_ECDSA,
	PUBKEY_ED25519,
	PUBKEY_SK_ECDSA,
	PUBKEY_SK_ED25519,
};

enum {
	PUBKEY_RSA_MIN = 1024, /* bits; less is refused here, RequiredRSASize asks for more */
	PUBKEY_RSA_MAX = 16384,
};

struct pubkey;

/* Signature algorithms of host and user keys, best first, comma-separated; ssh-rsa (SHA-1) is
 * neither offered nor accepted. */
extern const char pubkey_algs[], pubkey_algs_default[];

/* Reads a key. ERR_PROTO: malformed, trailing bytes, a point off the curve, RSA out of bounds or
 * with an even or tiny exponent. ERR_NONE: a type not known here. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err pubkey_new(struct slice blob, struct pubkey **pk);
void pubkey_free(struct pubkey *pk); /* NULL is fine */

enum pubkey_kind pubkey_kind(const struct pubkey *pk);
const char *pubkey_type(const struct pubkey *pk); /* "ssh-ed25519", "ecdsa-sha2-nistp256", ... */
unsigned pubkey_bits(const struct pubkey *pk);
struct slice pubkey_application(const struct pubkey *pk); /* sk keys: "ssh:..."; else empty */

/* Whether a signature named alg may come from a key of this type: "rsa-sha2-512" from an ssh-rsa
 * key, otherwise alg equals the type. */
bool pubkey_signs_as(const struct pubkey *pk, struct slice alg);

/* What a security key says beside its signature (PROTOCOL.u2f). */
struct pubkey_sk {
	uint8_t flags; /* 0x01 user present, 0x04 user verified */
	uint32_t counter;
};

/* Checks a signature blob (string algorithm, string signature[, sk: flags, counter]) over data.
 * alg is the algorithm negotiated: the blob must name just that. sk may be NULL; whether its flags
 * suffice is the caller's question. ERR_AUTH: it does not verify, or names another algorithm.
 * ERR_PROTO: malformed. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err pubkey_verify(const struct pubkey *pk, struct slice alg, struct slice data,
                                struct slice signature, struct pubkey_sk *sk);
