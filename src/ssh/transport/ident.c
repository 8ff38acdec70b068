#include "ident.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

static bool printable(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

enum err ident_init(struct ident *id, const char *software)
{
	int n = snprintf(id->ours, sizeof id->ours, "SSH-2.0-%s", software);

	id->line_n = id->bytes = id->lines = 0;
	id->peer[0] = id->software[0] = '\0';
	if (n < 0 || (size_t)n > IDENT_LINE_MAX - 2 || !printable(software))
		return ERR_LIMIT;
	return ERR_OK;
}

/* The line is SSH's own: keep it. NUL bytes are refused (§4.2). */
static enum err accept(struct ident *id)
{
	struct slice line = { id->line, id->line_n };
	const char *version;

	if (line.n > IDENT_LINE_MAX - 2 || !slice_text(line, id->peer, sizeof id->peer))
		return ERR_PROTO;
	if (strncmp(id->peer, "SSH-2.0-", 8) == 0)
		version = id->peer + 8;
	else if (strncmp(id->peer, "SSH-1.99-", 9) == 0)
		version = id->peer + 9;
	else
		return ERR_PROTO;
	text_clean(slice_of(version), id->software, sizeof id->software);
	return ERR_OK;
}

static enum err line_done(struct ident *id, bool server)
{
	if (id->line_n > 0 && id->line[id->line_n - 1] == '\r')
		id->line_n--;
	if (id->line_n >= 4 && memcmp(id->line, "SSH-", 4) == 0)
		return accept(id);
	if (server)
		return ERR_PROTO;
	id->line_n = 0;
	if (++id->lines > IDENT_LINES)
		return ERR_LIMIT;
	return ERR_MORE;
}

enum err ident_read(struct ident *id, bool server, struct slice in, size_t *used)
{
	enum err e;

	for (*used = 0; *used < in.n;) {
		uint8_t c = in.p[(*used)++];

		if (++id->bytes > IDENT_BYTES || (server && id->line_n >= IDENT_LINE_MAX))
			return ERR_LIMIT;
		if (c != '\n') {
			id->line[id->line_n++] = c;
			continue;
		}
		e = line_done(id, server);
		if (e != ERR_MORE)
			return e;
	}
	return ERR_MORE;
}
