/* ident -- the identification lines that open a connection.
 *
 * RFC 4253 §4.2. A server may send other lines first, which a client passes over, up to
 * IDENT_LINES and IDENT_BYTES; a server takes none. "SSH-2.0-" and, as §5.1 has it, "SSH-1.99-" are
 * accepted. Lines end in CR LF; a bare LF is taken, as every implementation does.
 */
#pragma once
#include "base.h"

enum {
	IDENT_LINE_MAX = 255, /* bytes, with CR LF (§4.2) */
	IDENT_LINES = 1024,   /* before the one that counts */
	IDENT_BYTES = 8192,   /* in all */
};

struct ident {
	char ours[IDENT_LINE_MAX];         /* without CR LF */
	char peer[IDENT_LINE_MAX];         /* without CR LF */
	char software[4 * IDENT_LINE_MAX]; /* what the peer calls itself, cleaned */
	uint8_t line[IDENT_BYTES];
	size_t line_n, bytes, lines;
};

/* "SSH-2.0-" and software. ERR_LIMIT: too long, or not printable US-ASCII. */
MUST_USE enum err ident_init(struct ident *id, const char *software);

/* Takes bytes until the identification is complete; *used says how many. ERR_OK: peer and software
 * are set. ERR_MORE: all was used. ERR_PROTO: this is no SSH 2 peer; line[0..line_n) is what it
 * said. ERR_LIMIT: too many bytes or lines before it. */
MUST_USE enum err ident_read(struct ident *id, bool server, struct slice in, size_t *used);
