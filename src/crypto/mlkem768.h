/* mlkem768 -- ML-KEM-768, FIPS 203.
 *
 * Internal to this folder. Our own, for libraries older than OpenSSL 3.5. Random bytes: 64 for a
 * key pair (d, z), 32 for an encapsulation (m). The secret key is FIPS 203's, of 2400 bytes.
 */
#pragma once
#include "kem.h"

enum { MLKEM768_PUBLIC = 1184, MLKEM768_SECRET = 2400, MLKEM768_CIPHER = 1088 };

extern const struct kem mlkem768;

/* The library's, from OpenSSL 3.5 on, with the same bytes in and out. NULL: it has none. */
const struct kem *mlkem768_evp(void);
