/* keypair_pem -- private keys from the files of other programs: PEM and PKCS#8.
 *
 * RFC 1421 and RFC 7468: "RSA PRIVATE KEY" and "EC PRIVATE KEY" (RFC 8017 A.1.2, RFC 5915), also
 * with a DEK-Info header; "PRIVATE KEY" and "ENCRYPTED PRIVATE KEY" (RFC 5958, RFC 8018). The first
 * of them in the file is read. RSA, ECDSA on the three NIST curves, and Ed25519.
 */
#pragma once
#include "base.h"
#include "keypair.h"

enum { KEYPAIR_PEM_ITERATIONS_MAX = 10 * 1000 * 1000 }; /* of PBKDF2; more would only stall us */

/* Reads the key. An empty passphrase is none; *locked says whether one was needed. ERR_MORE: it is
 * encrypted and none was given. ERR_AUTH: the passphrase is wrong, or what it unlocks is damaged.
 * ERR_PROTO: no private key, or a malformed one. ERR_NONE: a type, curve or encryption not known
 * here. ERR_LIMIT: too many iterations. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err keypair_pem(struct slice file, struct slice passphrase, struct keypair **k,
                              bool *locked);
