/* ssh -- one SSH connection as a machine without I/O, in either role.
 *
 *             ssh_rx(bytes)           ssh_next(event)
 *     below ----------------> ssh -------------------> above
 *           <----------------     <-------------------
 *             ssh_tx_pop(pkt)         ssh_answer_*, ssh_auth_*, chan_*
 *
 * RFC 4251 to 4254, with the algorithms that src/crypto lists, strict key exchange, ext-info
 * (RFC 8308) and OpenSSH's extensions (docs/PROTOCOL.md). "Below" is a socket, or a channel of
 * another struct ssh: the engine cannot tell. Time and randomness are handed in, so the same input
 * always gives the same output. One thread at a time per struct ssh; nothing here is global.
 *
 * It decides nothing that is a matter of trust or policy: whether a host key is the right one,
 * which key to log in with, who may log in and what a channel may reach are questions to the
 * application, asked as events.
 *
 * When the connection fails, it stays failed: the reason is kept, a DISCONNECT is queued where one
 * is due, and the last event is SSH_DEAD. Sizes are bytes, times nanoseconds.
 */
#pragma once
#include "base.h"
#include "pkt.h"
#include "rng.h"

struct buf;
struct ssh;

enum ssh_role { SSH_CLIENT, SSH_SERVER };

/* Borrowed, with all it points to, until ssh_free(). Lists are names with commas, best first. */
struct ssh_conf {
	enum ssh_role role;
	const char *software; /* our identification behind "SSH-2.0-" (RFC 4253 §4.2) */
	const char *kex, *host_key_algs, *ciphers, *macs;
	size_t headroom, tailroom; /* what the layers below will add to each packet */

	uint64_t rekey_bytes;   /* change keys after so many; 0: at the cipher's own limit */
	uint64_t rekey_time;    /* and after so long; 0: never */
	uint64_t kex_timeout;   /* until the first key exchange is done; 0: none */
	uint64_t login_timeout; /* until SSH_READY; 0: none */
	uint64_t alive_time; /* of silence, before the peer is asked for a sign of life; 0: never */
	unsigned alive_max;  /* questions without an answer that end the connection */

	uint32_t channels_max; /* open at one time, both sides' together */
	uint32_t window;       /* granted for each channel: the most it may keep in memory */
	uint32_t packet;       /* most data in one message to us */

	const char *user; /* client: who to log in as */
	bool guess; /* client: begin the first kex at once, as if the server's first names were
	                   * ours (RFC 4253 §7); a wrong guess costs bytes, no time */
	/* client: takes the plain key out of a host certificate; NULL: no certificates. */
	enum err (*plain_key)(struct slice certificate, struct buf *plain);

	const struct slice *host_keys; /* server: public key blobs, in order of preference */
	size_t host_keys_n;
	const char *login_algs;    /* server: what user keys may sign with; for server-sig-algs */
	const char *login_methods; /* server: what may be tried, until ssh_answer_login() says */
	unsigned login_max;        /* server: failed attempts that end the connection */
};

/* Reasonable values for everything that is not a question of who we are. */
void ssh_conf_init(struct ssh_conf *conf, enum ssh_role role);

enum ssh_event_kind {
	SSH_NOTHING,
	SSH_HOST_KEY,     /* .data: the blob; its signature is good: ssh_answer_host_key() */
	SSH_SIGN,         /* sign .data with the key .name (alg) and .blob: ssh_answer_sign() */
	SSH_AUTH,         /* what next? .name: methods that can continue, .ok: partial success:
	                   * one of ssh_auth_*(), or ssh_close() */
	SSH_AUTH_KEY_OK,  /* the key that was probed may be used: ssh_auth_publickey(), signed */
	SSH_AUTH_PROMPTS, /* ssh_prompts() says which: ssh_answer_prompts() */
	SSH_AUTH_BANNER,  /* .data: a text from the server for the person (RFC 4252 §5.4) */
	SSH_LOGIN,        /* server: ssh_login_asked() says who: ssh_answer_login() */
	SSH_READY,        /* logged in; channels may be opened */
	SSH_REKEYED,      /* the keys were changed */

	SSH_GLOBAL_ASKED, /* .name, .data, .ok: wants a reply: ssh_answer_global(.ticket) */
	SSH_GLOBAL_REPLY, /* .ticket as given to ssh_global(), .ok, .data */

	SSH_CHAN_ASKED, /* the peer wants a channel: chan_accept() or chan_refuse() */
	SSH_CHAN_OPENED,
	SSH_CHAN_REFUSED, /* .code: RFC 4254 §5.1 reason, .data: the peer's words; the id is gone */
	SSH_CHAN_DATA,    /* .data: decrypted in place; .code: 0, or the extended data type */
	SSH_CHAN_ROOM,    /* chan_room() was 0 and is not any more */
	SSH_CHAN_EOF,     /* no more data will come */
	SSH_CHAN_REQUEST, /* .name, .data, .ok: wants a reply: chan_answer() */
	SSH_CHAN_REPLY,   /* .ok: to the oldest chan_request() that wanted one */
	SSH_CHAN_CLOSED,  /* both sides are done; the id is gone */
	SSH_DEAD,         /* the last event; see ssh_error() */
};

struct ssh_event {
	enum ssh_event_kind kind;
	uint32_t chan;  /* ours, for SSH_CHAN_* */
	void *chan_ctx; /* what chan_set_ctx() gave */
	bool ok;
	uint32_t code;
	uint64_t ticket;
	struct slice name; /* name, blob: borrowed until the next call with this ssh */
	struct slice blob;
	struct span data; /* to scribble on, until the next ssh_next() */
};

/* NULL when out of memory. Borrows conf and rng until ssh_free(). now is of a clock that never goes
 * back; any clock, also a made-up one. The first packets are queued at once. */
struct ssh *ssh_new(const struct ssh_conf *conf, const struct rng *rng, uint64_t now);
void ssh_free(struct ssh *s); /* wipes keys; NULL is fine */

/* Lends n received bytes. They are decrypted where they lie, so p is scratch afterwards. It may be
 * reused once ssh_next() has returned false; the start of a packet left over is copied out by then.
 * Read no more from below while ssh_rx_full(): the peer is not taking our answers. */
void ssh_rx(struct ssh *s, uint8_t *p, size_t n, uint64_t now);
void ssh_rx_eof(struct ssh *s, uint64_t now);
bool ssh_rx_full(const struct ssh *s);

/* The next thing that happened; false when nothing is left. */
bool ssh_next(struct ssh *s, struct ssh_event *ev);

/* The oldest sealed packet, or NULL. pop gives it to the caller. */
const struct pkt *ssh_tx_peek(const struct ssh *s);
struct pkt *ssh_tx_pop(struct ssh *s);
size_t ssh_tx_queued(const struct ssh *s); /* bytes of memory in sealed packets */

/* When ssh_tick() is next needed; UINT64_MAX for never. */
uint64_t ssh_deadline(const struct ssh *s);
void ssh_tick(struct ssh *s, uint64_t now);

/* Ends the connection: queues DISCONNECT with an RFC 4253 §11.1 reason; SSH_DEAD follows. */
void ssh_close(struct ssh *s, uint32_t reason, const char *text);

/* Asks for a change of keys now (RFC 4253 §9); does nothing while one is under way. */
void ssh_rekey(struct ssh *s);

/* Why it died. */
struct ssh_error {
	enum err code;
	uint32_t reason;  /* RFC 4253 §11.1; 0 when none applies */
	bool by_peer;     /* the peer sent DISCONNECT; text holds its words, cleaned */
	const char *text; /* English, safe to show; "" while alive */
};
struct ssh_error ssh_error(const struct ssh *s);

/* What was agreed and what happened, for a person to read. Texts are safe to show, "" before they
 * are known, and borrowed until ssh_free(). */
struct ssh_info {
	const char *peer; /* the peer's softwareversion and comments */
	const char *kex, *host_key_alg, *cipher_tx, *cipher_rx, *mac_tx, *mac_rx;
	bool strict;                /* strict key exchange */
	struct slice host_key;      /* blob */
	struct slice session_id;    /* the first exchange hash */
	struct slice kex_signature; /* the server's over it: for session-bind@openssh.com */
	const char *sig_algs;       /* server-sig-algs (RFC 8308 §3.1), "" if not sent */
	bool ready;
	uint64_t tx_bytes, rx_bytes, tx_packets, rx_packets;
	uint64_t copied; /* bytes of channel data that had to be copied on the way down */
	unsigned rekeys;
};
void ssh_info(const struct ssh *s, struct ssh_info *info);

/* ---- answers and authentication, client ---- */

void ssh_answer_host_key(struct ssh *s, bool trusted);
/* signature: the blob (string algorithm, string signature); n == 0: cannot. Both roles. */
void ssh_answer_sign(struct ssh *s, struct slice signature);

/* After SSH_AUTH. Each is answered by SSH_READY or the next SSH_AUTH, or by what is named there. */
void ssh_auth_none(struct ssh *s);
/* signed: SSH_SIGN follows; otherwise the server is only asked: SSH_AUTH_KEY_OK. */
void ssh_auth_publickey(struct ssh *s, struct slice alg, struct slice blob, bool sign);
/* Before ssh_answer_sign(): channels and global requests asked for so far, and until the answer
 * comes, leave right behind the signed request. Only for a server that is known to take the key, or
 * that passes over what it cannot serve yet, as OpenSSH does: others hang up when the key is wrong. */
void ssh_allow_early(struct ssh *s);
void ssh_auth_password(struct ssh *s, struct slice password);
void ssh_auth_kbdint(struct ssh *s); /* RFC 4256; SSH_AUTH_PROMPTS follow */

enum { SSH_PROMPTS_MAX = 16 };
struct ssh_prompts { /* raw text from the server: clean it before it is shown */
	struct slice name, instruction;
	size_t n;
	struct {
		struct slice text;
		bool echo;
	} prompt[SSH_PROMPTS_MAX];
};
const struct ssh_prompts *ssh_prompts(const struct ssh *s);
void ssh_answer_prompts(struct ssh *s, const struct slice *answers, size_t n);

/* ---- authentication, server ---- */

struct ssh_login {
	struct slice user, service, method; /* method: "none", "publickey", "password", ... */
	struct slice alg, blob;             /* publickey */
	bool is_signed;                     /* publickey: the signature was there, and is good */
	struct slice password;
};
/* Borrowed until the answer; then only the user is left. */
const struct ssh_login *ssh_login_asked(const struct ssh *s);

enum ssh_verdict { SSH_LOGIN_REFUSED, SSH_LOGIN_PARTIAL, SSH_LOGIN_GRANTED };
/* methods: those that can continue, for the first two. For a key that is only asked about,
 * SSH_LOGIN_GRANTED says that it may be used. */
void ssh_answer_login(struct ssh *s, enum ssh_verdict verdict, const char *methods);

/* ---- global requests (RFC 4254 §4) ---- */

/* data: what follows want_reply. ERR_NONE: not logged in, or no longer. ERR_LIMIT: too many wait for
 * their reply. ERR_NOMEM. Replies come as SSH_GLOBAL_REPLY with the ticket, in order. */
MUST_USE enum err ssh_global(struct ssh *s, const char *name, struct slice data, bool want_reply,
                             uint64_t ticket);
void ssh_answer_global(struct ssh *s, uint64_t ticket, bool ok, struct slice data);

/* ---- channels (RFC 4254 §5) ---- */

enum chan_kind {
	CHAN_SESSION,
	CHAN_DIRECT_TCPIP,         /* RFC 4254 §7.2 */
	CHAN_FORWARDED_TCPIP,      /* RFC 4254 §7.2 */
	CHAN_DIRECT_STREAMLOCAL,   /* direct-streamlocal@openssh.com */
	CHAN_FORWARDED_STREAMLOCAL /* forwarded-streamlocal@openssh.com */
};

struct chan_target {
	enum chan_kind kind;
	struct slice host; /* host or socket path: to connect to, or that was connected to */
	uint32_t port;
	struct slice from_host; /* who asks */
	uint32_t from_port;
};

/* RFC 4254 §5.1 */
enum chan_reason {
	CHAN_PROHIBITED = 1,
	CHAN_CONNECT_FAILED = 2,
	CHAN_UNKNOWN_TYPE = 3,
	CHAN_SHORTAGE = 4,
};

/* A client may ask before SSH_READY: it waits until then, or goes early. ERR_NONE: not logged in, or
 * no longer. ERR_LIMIT: too many channels. ERR_NOMEM. Answered by SSH_CHAN_OPENED or
 * SSH_CHAN_REFUSED. */
MUST_USE enum err chan_open(struct ssh *s, const struct chan_target *to, uint32_t *chan);

/* After SSH_CHAN_ASKED; the target's slices are borrowed until the answer. */
const struct chan_target *chan_asked(const struct ssh *s, uint32_t chan);
void chan_accept(struct ssh *s, uint32_t chan);
void chan_refuse(struct ssh *s, uint32_t chan, enum chan_reason reason, const char *text);

void chan_set_ctx(struct ssh *s, uint32_t chan, void *ctx);

/* How many bytes chan_send() takes now; 0 while the window is shut or keys are being changed
 * (RFC 4253 §7.1). */
size_t chan_room(const struct ssh *s, uint32_t chan);
size_t chan_packet_max(const struct ssh *s, uint32_t chan);

/* Takes p, seals it where it lies and queues it; p->len <= chan_room() as it was last told: if keys
 * began to be changed since, p waits for the new ones. It needs ssh_headroom() and
 * ssh_tailroom() around its content, or is copied; longer than chan_packet_max() it is split. */
void chan_send(struct ssh *s, uint32_t chan, struct pkt *p);
size_t ssh_headroom(const struct ssh *s); /* of channel data, all layers below included */
size_t ssh_tailroom(const struct ssh *s);

/* The most channel data whose sealed packet is no longer than limit bytes. */
size_t ssh_fit(const struct ssh *s, size_t limit);

void chan_consumed(struct ssh *s, uint32_t chan, size_t n); /* frees window */
void chan_eof(struct ssh *s, uint32_t chan);                /* no more data from us */
void chan_close(struct ssh *s, uint32_t chan); /* SSH_CHAN_CLOSED follows; data is dropped */

/* data: what follows want_reply (RFC 4254 §5.4). ERR_NONE: the channel is not open, or no longer.
 * ERR_LIMIT: too many wait for their reply. ERR_NOMEM. */
MUST_USE enum err chan_request(struct ssh *s, uint32_t chan, const char *name, struct slice data,
                               bool want_reply);
void chan_answer(struct ssh *s, uint32_t chan, bool ok);
