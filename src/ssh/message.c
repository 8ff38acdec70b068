#include "message.h"

#include <stdio.h>

#include "control.h"
#include "extinfo.h"
#include "session.h"

#define BIT(state) (1U << (state))

enum {
	ANY = (1 << ST_DEAD) - (1 << ST_KEXINIT), /* every state in which packets come */
	OPEN = BIT(ST_OPEN),
	LOGIN = BIT(ST_SERVICE) | BIT(ST_AUTH),
	KEX = BIT(ST_KEX) | BIT(ST_REKEX),
	BEGIN = BIT(ST_KEXINIT) | BIT(ST_AUTH) | OPEN, /* a key exchange */
};

typedef enum err handler(struct ssh *s, struct wire *in, struct ssh_event *ev);

struct row {
	uint8_t type;
	const char *name;
	unsigned client, server; /* states in which this role may receive it */
	handler *handle;         /* NULL: the key exchange's, which wants to know the type */
};

static const struct row rows[] = {
	{ MSG_DISCONNECT, "DISCONNECT", ANY, ANY, control_on_disconnect },
	{ MSG_IGNORE, "IGNORE", ANY, ANY, control_on_ignore },
	{ MSG_UNIMPLEMENTED, "UNIMPLEMENTED", ANY, ANY, control_on_unimplemented },
	{ MSG_DEBUG, "DEBUG", ANY, ANY, control_on_debug },
	{ MSG_SERVICE_REQUEST, "SERVICE_REQUEST", 0, BIT(ST_SERVICE), login_on_service },
	{ MSG_SERVICE_ACCEPT, "SERVICE_ACCEPT", BIT(ST_SERVICE), 0, userauth_on_service },
	{ MSG_EXT_INFO, "EXT_INFO", LOGIN, BIT(ST_SERVICE), extinfo_on_message },
	{ MSG_KEXINIT, "KEXINIT", BEGIN, BEGIN, NULL },
	{ MSG_NEWKEYS, "NEWKEYS", BIT(ST_NEWKEYS) | BIT(ST_RENEWKEYS),
	  BIT(ST_NEWKEYS) | BIT(ST_RENEWKEYS), exchange_on_newkeys },
	{ MSG_KEX_INIT, "KEX_INIT", 0, KEX, NULL },
	{ MSG_KEX_REPLY, "KEX_REPLY", KEX, 0, NULL },
	{ MSG_GEX_INIT, "GEX_INIT", 0, KEX, NULL },
	{ MSG_GEX_REPLY, "GEX_REPLY", KEX, 0, NULL },
	{ MSG_GEX_REQUEST, "GEX_REQUEST", 0, KEX, NULL },
	{ MSG_AUTH_REQUEST, "USERAUTH_REQUEST", 0, BIT(ST_AUTH) | OPEN, login_on_request },
	{ MSG_AUTH_FAILURE, "USERAUTH_FAILURE", BIT(ST_AUTH), 0, userauth_on_failure },
	{ MSG_AUTH_SUCCESS, "USERAUTH_SUCCESS", BIT(ST_AUTH), 0, userauth_on_success },
	{ MSG_AUTH_BANNER, "USERAUTH_BANNER", LOGIN, 0, userauth_on_banner },
	{ MSG_AUTH_60, "USERAUTH_60", BIT(ST_AUTH), 0, userauth_on_60 },
	{ MSG_GLOBAL_REQUEST, "GLOBAL_REQUEST", OPEN, OPEN, global_on_request },
	{ MSG_GLOBAL_SUCCESS, "REQUEST_SUCCESS", OPEN, OPEN, global_on_success },
	{ MSG_GLOBAL_FAILURE, "REQUEST_FAILURE", OPEN, OPEN, global_on_failure },
	{ MSG_CHAN_OPEN, "CHANNEL_OPEN", OPEN, OPEN, channel_on_open },
	{ MSG_CHAN_CONFIRM, "CHANNEL_OPEN_CONFIRMATION", OPEN, OPEN, channel_on_confirm },
	{ MSG_CHAN_OPEN_FAILURE, "CHANNEL_OPEN_FAILURE", OPEN, OPEN, channel_on_open_failure },
	{ MSG_CHAN_WINDOW, "CHANNEL_WINDOW_ADJUST", OPEN, OPEN, channel_on_window },
	{ MSG_CHAN_DATA, "CHANNEL_DATA", OPEN, OPEN, channel_on_data },
	{ MSG_CHAN_EXTENDED, "CHANNEL_EXTENDED_DATA", OPEN, OPEN, channel_on_extended },
	{ MSG_CHAN_EOF, "CHANNEL_EOF", OPEN, OPEN, channel_on_eof },
	{ MSG_CHAN_CLOSE, "CHANNEL_CLOSE", OPEN, OPEN, channel_on_close },
	{ MSG_CHAN_REQUEST, "CHANNEL_REQUEST", OPEN, OPEN, channel_on_request },
	{ MSG_CHAN_SUCCESS, "CHANNEL_SUCCESS", OPEN, OPEN, channel_on_success },
	{ MSG_CHAN_FAILURE, "CHANNEL_FAILURE", OPEN, OPEN, channel_on_failure },
	{ MSG_PING, "PING", LOGIN | OPEN, LOGIN | OPEN, control_on_ping },
	{ MSG_PONG, "PONG", LOGIN | OPEN, LOGIN | OPEN, control_on_pong },
};

/* One look-up for each packet: type to row, made by hand from the numbers' ranges would be a second
 * list to keep true, so the few rows are searched. */
static const struct row *find(uint8_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

const char *message_name(uint8_t type)
{
	const struct row *row = find(type);

	return row == NULL ? "message" : row->name;
}

/* Strict key exchange: between the first KEXINIT and the first NEWKEYS nothing else may come. */
static bool too_strict_for(uint8_t type, enum state state)
{
	return (BIT(state) & (BIT(ST_KEX) | BIT(ST_NEWKEYS))) != 0 && type <= MSG_DEBUG &&
	       type != MSG_DISCONNECT;
}

enum message_verdict message_legal(enum ssh_role role, enum state state, bool strict, uint8_t type)
{
	const struct row *row = find(type);
	unsigned states;

	if (row == NULL)
		return (BIT(state) & (LOGIN | OPEN)) != 0 ? MESSAGE_UNKNOWN : MESSAGE_ILLEGAL;
	states = role == SSH_SERVER ? row->server : row->client;
	if ((states & BIT(state)) == 0 || (strict && too_strict_for(type, state)))
		return MESSAGE_ILLEGAL;
	return MESSAGE_LEGAL;
}

static enum err handle(struct ssh *s, const struct row *row, struct slice payload,
                       struct ssh_event *ev)
{
	struct wire in = wire_in(payload);
	uint8_t type = wire_u8(&in);

	if (type == MSG_KEXINIT)
		return exchange_on_kexinit(s, payload);
	if (row->handle == NULL)
		return exchange_on_message(s, type, &in, ev);
	return row->handle(s, &in, ev);
}

void message_dispatch(struct ssh *s, struct span payload, struct ssh_event *ev)
{
	uint8_t type = payload.p[0];
	enum message_verdict v = message_legal(s->conf->role, s->state, s->kexinit.strict, type);
	enum err e;

	if (s->rx.skip && type >= MSG_KEX_FIRST && type <= MSG_KEX_LAST) {
		s->rx.skip = false; /* the peer guessed wrong (RFC 4253 §7) */
		return;
	}
	if (v == MESSAGE_ILLEGAL) {
		session_die(s, ERR_PROTO, REASON_PROTOCOL, "the peer sent %s (%u) where it may not",
		            message_name(type), type);
		return;
	}
	if (v == MESSAGE_UNKNOWN) {
		control_unimplemented(s);
		return;
	}
	e = handle(s, find(type), (struct slice) { payload.p, payload.n }, ev);
	if (e == ERR_NOMEM)
		session_nomem(s);
	else if (e != ERR_OK)
		session_die(s, e, REASON_PROTOCOL, "the peer sent %s (%u) that %s",
		            message_name(type), type,
		            e == ERR_LIMIT ? "passes a limit" : "is malformed or out of place");
}
