/* ecdsa -- ECDSA keys and signatures between the library's forms and SSH's.
 *
 * Internal to this folder. RFC 5656 §3: a point is uncompressed (SEC 1 §2.3.3), a signature is two
 * mpints, where the library has ASN.1.
 */
#pragma once
#include "buf.h"
#include "libcrypto.h"

struct ecdsa_curve {
	const char *name;  /* "nistp256" */
	const char *type;  /* "ecdsa-sha2-nistp256" */
	const char *group; /* the library's name */
	const char *hash;  /* the library's name of the digest (RFC 5656 §6.2.1) */
	int nid;
	unsigned bits;
	size_t len; /* bytes of a coordinate */
};

const struct ecdsa_curve *ecdsa_curve(struct slice name);         /* NULL: unknown */
const struct ecdsa_curve *ecdsa_curve_of_type(struct slice type); /* NULL: unknown */

/* ERR_PROTO: the point is not uncompressed or not on the curve. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err ecdsa_public(const struct ecdsa_curve *c, struct slice point, EVP_PKEY **key);

/* ERR_PROTO: as above, or the point is not the secret's. */
MUST_USE enum err ecdsa_private(const struct ecdsa_curve *c, struct slice point,
                                struct slice secret, EVP_PKEY **key);

/* Appends the ASN.1 form. ERR_PROTO: not two mpints. ERR_AUTH: numbers that no signature has. */
MUST_USE enum err ecdsa_to_der(const struct ecdsa_curve *c, struct slice signature,
                               struct buf *der);
/* Appends the two mpints. */
MUST_USE enum err ecdsa_from_der(struct slice der, struct buf *signature);
