/* early -- messages of the connection protocol that we have to say before the login is done.
 *
 * A channel may be opened at any time; what is said before USERAUTH_SUCCESS waits here. When the
 * application allows it (ssh_allow_early()), it leaves right behind the login request that is about
 * to succeed, and saves a round trip. If that login fails after all, an OpenSSH server has answered
 * with UNIMPLEMENTED and forgotten it, so it is said again behind the next one.
 */
#pragma once
#include "pkt.h"
#include "ssh.h"

enum { EARLY_MAX = 64 * 1024 }; /* bytes that may wait */

struct early {
	struct pktq said;    /* payloads that are on their way, kept in case they are in vain */
	struct pktq waiting; /* payloads not said yet */
	bool allowed;        /* behind the request that is signed next */
	bool flying;         /* that request is on its way */
};

void early_finish(struct early *e);

/* Takes a payload that came before the login was done. */
void early_packet(struct ssh *s, struct pkt *p);

void early_requested(struct ssh *s); /* a signed login request was sent */
void early_refused(struct ssh *s);   /* it failed: what was said was in vain */
void early_granted(struct ssh *s);   /* it succeeded: the rest is said now */
