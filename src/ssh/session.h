/* session -- the inside of struct ssh, shared by the engine's own files and nobody else. */
#pragma once
#include "aead.h"
#include "buf.h"
#include "channel.h"
#include "early.h"
#include "exchange.h"
#include "global.h"
#include "ident.h"
#include "kexinit.h"
#include "login.h"
#include "message.h"
#include "rx.h"
#include "ssh.h"
#include "tx.h"
#include "userauth.h"

enum {
	NOTE_DEAD = 1 << 0,    /* SSH_DEAD has yet to be told */
	NOTE_READY = 1 << 1,   /* SSH_READY */
	NOTE_REKEYED = 1 << 2, /* SSH_REKEYED */
	NOTE_SIGN = 1 << 3,    /* SSH_SIGN */
	NOTE_AUTH = 1 << 4,    /* SSH_AUTH, when no complete packet is left to read */
};

struct ssh {
	const struct ssh_conf *conf;
	const struct rng *rng;
	uint64_t now;
	uint64_t born; /* and later, by the time that the application's answers took */
	bool excused;  /* the time from now on is the application's */
	enum state state;
	enum state resume; /* where a later key exchange returns to: ST_AUTH or ST_OPEN */
	unsigned notes;    /* NOTE_*: events that no packet brings */

	struct tx tx;
	struct rx rx;
	struct ident ident;
	struct kexinit kexinit;    /* what was agreed, and both sides' KEXINIT */
	struct exchange *exchange; /* the key exchange under way, or NULL */
	struct buf session_id;
	struct buf host_key;      /* the server's blob, the same through every key exchange */
	struct buf kex_signature; /* over the first exchange hash */
	bool host_key_trusted;
	uint64_t kex_deadline; /* the peer must have finished by then; UINT64_MAX: none */
	uint64_t keyed_at;     /* when the keys in use were agreed */
	unsigned rekeys;

	struct userauth userauth; /* client */
	struct login login;       /* server */
	struct early early;       /* client */
	struct {                  /* what SSH_SIGN asks for */
		struct slice alg, blob;
		struct buf data;
	} sign;
	char sig_algs[512];     /* server-sig-algs */
	bool hostbound;         /* publickey-hostbound@openssh.com */
	unsigned ext_infos;     /* EXT_INFOs received */
	uint64_t rx_after_keys; /* packets received since the last NEWKEYS */

	struct global global;
	struct channels channels;
	uint64_t copied;

	uint64_t heard_at; /* when the peer last said anything */
	uint64_t alive_at; /* and when it was last asked to, if that was later */
	unsigned alive_asked;

	struct {
		enum err code;
		uint32_t reason;
		bool by_peer;
		char text[512];
	} error;
};

/* RFC 4253 §11.1 */
enum {
	REASON_NONE = 0, /* tell the peer nothing */
	REASON_PROTOCOL = 2,
	REASON_KEX = 3,
	REASON_MAC = 5,
	REASON_SERVICE = 7,
	REASON_HOST_KEY = 9,
	REASON_LOST = 10,
	REASON_BY_APPLICATION = 11,
	REASON_NO_MORE_AUTH = 14,
};

/* Ends the connection; only the first call counts. The text is shown to people, so whatever it
 * takes from the peer must be cleaned. */
void session_die(struct ssh *s, enum err code, uint32_t reason, const char *fmt, ...) PRINTF(4, 5);
void session_nomem(struct ssh *s);

/* What a call that queued a message returns: no message is left in a dead session. */
MUST_USE enum err session_err(const struct ssh *s);

static inline bool session_dead(const struct ssh *s)
{
	return s->state == ST_DEAD;
}

static inline bool session_is_server(const struct ssh *s)
{
	return s->conf->role == SSH_SERVER;
}

/* Logged in: the connection protocol runs (also while keys are being changed). */
bool session_open(const struct ssh *s);

/* Channels and global requests may be asked for; a client's wait until it is logged in. */
bool session_may_ask(const struct ssh *s);
