/* message -- the numbers of SSH's messages, and the one table of what is legal when.
 *
 * RFC 4250 §4.1. For each role and each state the table says which messages may come and who
 * handles them. A known message in the wrong state ends the connection; an unknown one is answered
 * with UNIMPLEMENTED (RFC 4253 §11.4), except during a first key exchange, where it ends it.
 */
#pragma once
#include "ssh.h"
#include "wire.h"

enum message {
	MSG_DISCONNECT = 1,
	MSG_IGNORE = 2,
	MSG_UNIMPLEMENTED = 3,
	MSG_DEBUG = 4,
	MSG_SERVICE_REQUEST = 5,
	MSG_SERVICE_ACCEPT = 6,
	MSG_EXT_INFO = 7, /* RFC 8308 */
	MSG_KEXINIT = 20,
	MSG_NEWKEYS = 21,
	MSG_KEX_FIRST = 30, /* 30 to 49 belong to the method of key exchange */
	MSG_KEX_INIT = 30,
	MSG_KEX_REPLY = 31,
	MSG_GEX_GROUP = 31, /* RFC 4419 §5 */
	MSG_GEX_INIT = 32,
	MSG_GEX_REPLY = 33,
	MSG_GEX_REQUEST = 34,
	MSG_KEX_LAST = 49,
	MSG_AUTH_REQUEST = 50,
	MSG_AUTH_FAILURE = 51,
	MSG_AUTH_SUCCESS = 52,
	MSG_AUTH_BANNER = 53,
	MSG_AUTH_60 = 60, /* PK_OK, PASSWD_CHANGEREQ or INFO_REQUEST, by the method asked */
	MSG_AUTH_INFO_RESPONSE = 61,
	MSG_GLOBAL_REQUEST = 80,
	MSG_GLOBAL_SUCCESS = 81,
	MSG_GLOBAL_FAILURE = 82,
	MSG_CHAN_OPEN = 90,
	MSG_CHAN_CONFIRM = 91,
	MSG_CHAN_OPEN_FAILURE = 92,
	MSG_CHAN_WINDOW = 93,
	MSG_CHAN_DATA = 94,
	MSG_CHAN_EXTENDED = 95,
	MSG_CHAN_EOF = 96,
	MSG_CHAN_CLOSE = 97,
	MSG_CHAN_REQUEST = 98,
	MSG_CHAN_SUCCESS = 99,
	MSG_CHAN_FAILURE = 100,
	MSG_PING = 192, /* ping@openssh.com */
	MSG_PONG = 193,
};

/* What may be received next. */
enum state {
	ST_IDENT,     /* the peer's identification line */
	ST_KEXINIT,   /* its first KEXINIT */
	ST_KEX,       /* the messages of the first key exchange */
	ST_NEWKEYS,   /* its first NEWKEYS */
	ST_SERVICE,   /* SERVICE_REQUEST or _ACCEPT */
	ST_AUTH,      /* RFC 4252 */
	ST_OPEN,      /* RFC 4254 */
	ST_REKEX,     /* the peer's KEXINIT came again: its key exchange messages */
	ST_RENEWKEYS, /* its NEWKEYS again */
	ST_DEAD,      /* nothing */
	ST_COUNT,
};

enum message_verdict {
	MESSAGE_ILLEGAL, /* ends the connection */
	MESSAGE_LEGAL,   /* has a handler */
	MESSAGE_UNKNOWN, /* to be answered with UNIMPLEMENTED */
};

/* What the table says of a message of this type. strict: strict key exchange was agreed. */
enum message_verdict message_legal(enum ssh_role role, enum state state, bool strict, uint8_t type);

/* Hands a received message, type byte included, to its handler. */
void message_dispatch(struct ssh *s, struct span payload, struct ssh_event *ev);

const char *message_name(uint8_t type); /* "CHANNEL_DATA", ...; "message" when unknown */
