/* kexinit -- KEXINIT: what each side can do, and what is agreed from it.
 *
 * RFC 4253 §7.1. The two extensions that are negotiated by names in the list of key exchange
 * methods are ext-info (RFC 8308 §2.1) and strict key exchange (kex-strict-c-v00@openssh.com);
 * both count in the first KEXINIT only.
 */
#pragma once
#include "buf.h"
#include "kex.h"
#include "ssh.h"
#include "wire.h"

enum { KEXINIT_NAME_MAX = 64 }; /* bytes of a name (RFC 4250 §4.6.1) */

struct kexinit {
	struct buf ours, peer;     /* both payloads, for the exchange hash */
	const struct kex_alg *kex; /* all below: agreed */
	char host_key_alg[KEXINIT_NAME_MAX + 1];
	char cipher_tx[KEXINIT_NAME_MAX + 1], cipher_rx[KEXINIT_NAME_MAX + 1];
	char mac_tx[KEXINIT_NAME_MAX + 1], mac_rx[KEXINIT_NAME_MAX + 1];
	bool strict;   /* strict key exchange, for the whole connection */
	bool ext_info; /* the peer takes EXT_INFO */
};

void kexinit_finish(struct kexinit *k);

/* Builds our KEXINIT into k->ours and queues it; follows: a guessed message comes behind it. An error has ended the connection. */
void kexinit_send(struct ssh *s, bool follows);

/* Reads the peer's KEXINIT (whole payload, type first) and agrees. *skip: its guess was wrong, drop
 * the next packet. *right: so was ours, or would have been. An error has ended the connection. */
MUST_USE enum err kexinit_receive(struct ssh *s, struct slice payload, bool *skip, bool *right);
