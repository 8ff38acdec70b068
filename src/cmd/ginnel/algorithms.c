#include "algorithms.h"

#include <stdlib.h>
#include <string.h>

#include "aead.h"
#include "buf.h"
#include "hash.h"
#include "kex.h"
#include "keytype.h"
#include "pubkey.h"
#include "wire.h"

/* What OpenSSH has and we have not: a list that names it still loads. */
static const char ciphers_known[] = "3des-cbc,aes128-cbc,aes192-cbc,aes256-cbc";
static const char macs_known[] =
    "hmac-sha1,hmac-sha1-96,hmac-md5,hmac-md5-96,umac-64@openssh.com,umac-128@openssh.com,"
    "hmac-sha1-etm@openssh.com,hmac-sha1-96-etm@openssh.com,hmac-md5-etm@openssh.com,"
    "hmac-md5-96-etm@openssh.com,umac-64-etm@openssh.com,umac-128-etm@openssh.com";
static const char kex_known[] = "diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,"
				"diffie-hellman-group-exchange-sha1";
static const char keys_known[] =
    "ssh-rsa,ssh-dss,ssh-rsa-cert-v01@openssh.com,ssh-dss-cert-v01@openssh.com,"
    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";

/* "a-cert-v01@openssh.com,b-cert-v01@openssh.com,a,b", as OpenSSH orders its own list. */
static char *with_certificates(const char *plain)
{
	struct slice list = slice_of(plain), alg;
	struct buf out = BUF_EMPTY;
	const char *cert;
	char *text = NULL;

	while (wire_name(&list, &alg))
		if ((cert = keytype_alg_cert(alg)) != NULL)
			buf_printf(&out, "%s,", cert);
	buf_bytes(&out, slice_of(plain));
	if (buf_err(&out) == ERR_OK)
		text = strndup((const char *)out.p, out.n);
	buf_finish(&out);
	return text;
}

enum err algorithms_init(struct algorithms *a)
{
	a->keys = with_certificates(pubkey_algs);
	a->keys_default = with_certificates(pubkey_algs_default);
	a->lists = (struct config_algos) {
		.ciphers = { aead_ciphers_default, aead_ciphers, ciphers_known },
		.macs = { aead_macs_default, aead_macs, macs_known },
		.kex = { kex_names_default, kex_names, kex_known },
		.keys = { a->keys_default, a->keys, keys_known },
		.ca_keys = { pubkey_algs_default, pubkey_algs, keys_known },
	};
	return a->keys == NULL || a->keys_default == NULL ? ERR_NOMEM : ERR_OK;
}

void algorithms_finish(struct algorithms *a)
{
	free(a->keys);
	free(a->keys_default);
}

enum err algorithms_sha1(void *ctx, struct slice in, uint8_t out[20])
{
	(void)ctx;
	return hash_once(HASH_SHA1, in, out);
}
