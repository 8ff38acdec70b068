#include "algorithms.h"

#include "aead.h"
#include "hash.h"
#include "kex.h"
#include "pubkey.h"

/* What OpenSSH has and we have not: a list that names it still loads. */
static const char ciphers_known[] = "3des-cbc,aes128-cbc,aes192-cbc,aes256-cbc";
static const char macs_known[] =
    "hmac-sha1,hmac-sha1-96,hmac-md5,hmac-md5-96,umac-64@openssh.com,umac-128@openssh.com,"
    "hmac-sha1-etm@openssh.com,hmac-sha1-96-etm@openssh.com,hmac-md5-etm@openssh.com,"
    "hmac-md5-96-etm@openssh.com,umac-64-etm@openssh.com,umac-128-etm@openssh.com";
static const char kex_known[] = "diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,"
				"diffie-hellman-group-exchange-sha1,sntrup761x25519-sha512,"
				"sntrup761x25519-sha512@openssh.com,mlkem768x25519-sha256";
static const char keys_known[] =
    "ssh-rsa,ssh-dss,ssh-ed25519-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,"
    "ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,"
    "ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,"
    "rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,"
    "ssh-rsa-cert-v01@openssh.com,ssh-dss-cert-v01@openssh.com,"
    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";

const struct config_algos algorithms = {
	.ciphers = { aead_ciphers_default, aead_ciphers, ciphers_known },
	.macs = { aead_macs_default, aead_macs, macs_known },
	.kex = { kex_names_default, kex_names, kex_known },
	.keys = { pubkey_algs_default, pubkey_algs, keys_known },
	.ca_keys = { pubkey_algs_default, pubkey_algs, keys_known },
};

enum err algorithms_sha1(void *ctx, struct slice in, uint8_t out[20])
{
	(void)ctx;
	return hash_once(HASH_SHA1, in, out);
}
