/* exchange -- one key exchange, from KEXINIT to NEWKEYS, in either role.
 *
 * RFC 4253 §7 to §9, RFC 5656 §4, RFC 8731, RFC 4419. The first one also makes the session id. It
 * may be started by either side; until it is done only its own messages flow (§7.1).
 */
#pragma once
#include "buf.h"
#include "kex.h"
#include "ssh.h"
#include "wire.h"

enum {
	EXCHANGE_TIMEOUT_S = 60, /* seconds for the peer to finish a later key exchange */
	GEX_MIN = 2048,          /* bits of a group-exchange modulus (RFC 8270) */
	GEX_MAX = 8192,
};

struct exchange;

void exchange_free(struct exchange *x); /* wipes; NULL is fine */

/* Sends our KEXINIT, unless that is done. */
void exchange_start(struct ssh *s);

/* The messages, as message.c's table gives them to us; in is behind the type byte. */
enum err exchange_on_kexinit(struct ssh *s, struct slice payload);
enum err exchange_on_message(struct ssh *s, uint8_t type, struct wire *in, struct ssh_event *ev);
enum err exchange_on_newkeys(struct ssh *s, struct wire *in, struct ssh_event *ev);

/* The application's answers. */
void exchange_trusted(struct ssh *s, bool trusted);
void exchange_signed(struct ssh *s, struct slice signature);

/* Server: the first of our host keys that can sign by alg; n == 0: none. */
struct slice exchange_host_key(const struct ssh *s, struct slice alg);

/* Whether an answer to SSH_HOST_KEY, or the server's signature, is what is waited for. */
bool exchange_waits(const struct ssh *s);
