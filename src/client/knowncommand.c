#include "knowncommand.h"

#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "fingerprint.h"
#include "host.h"
#include "publine.h"
#include "wire.h"

enum { OUTPUT_MAX = 4 * 1024 * 1024 }; /* bytes */

struct knowncommand {
	struct host *host;
	struct capture *capture;
	void (*done)(void *ctx, enum err e, struct slice output);
	void *ctx;
};

void knowncommand_free(struct knowncommand *k)
{
	if (k == NULL)
		return;
	capture_free(k->capture);
	free(k);
}

static void on_captured(void *ctx, const struct capture_result *r)
{
	struct knowncommand *k = ctx;

	if (r->err == ERR_OK && r->end.signal == 0 && r->end.status == 0) {
		k->done(k->ctx, ERR_OK, r->output);
		return;
	}
	say(k->host->around->say, SAY_ERROR, k->host->name,
	    "KnownHostsCommand failed (exit status %d), so no key is trusted", r->end.status);
	k->done(k->ctx, ERR_SYS, (struct slice) { NULL, 0 });
}

/* The tokens that only a key gives a value: its type, itself in base64, its fingerprint, and the
 * name that is looked for. */
struct key_tokens {
	char type[64], print[FINGERPRINT_MAX];
	char *base64;
};

static enum err key_tokens_init(struct key_tokens *t, struct slice blob)
{
	struct wire in = wire_in(blob);
	struct buf line = BUF_EMPTY;
	struct fingerprint f;
	const char *space;
	enum err e;

	t->base64 = NULL;
	if (!slice_text(wire_string(&in), t->type, sizeof t->type))
		return ERR_PROTO;
	e = fingerprint_of(&f, HASH_SHA256, blob);
	if (e == ERR_OK)
		e = publine_write(blob, (struct slice) { NULL, 0 }, &line);
	if (e == ERR_OK) {
		fingerprint_text(&f, t->print);
		buf_u8(&line, 0);
		e = buf_err(&line);
	}
	if (e == ERR_OK) {
		space = strchr((const char *)line.p, ' ');
		t->base64 = strdup(space == NULL ? "" : space + 1);
		e = t->base64 == NULL ? ERR_NOMEM : ERR_OK;
	}
	buf_finish(&line);
	return e;
}

static enum err expand(struct host *h, struct slice blob, char **command, char *why)
{
	struct key_tokens key;
	enum err e = key_tokens_init(&key, blob);

	if (e != ERR_OK)
		return e;
	h->tokens.of['t'] = key.type;
	h->tokens.of['K'] = key.base64;
	h->tokens.of['f'] = key.print;
	h->tokens.of['H'] = h->known_name;
	h->tokens.of['I'] = "HOSTNAME";
	e = token_expand(&h->tokens, h->around->env, h->o->known_hosts_command,
	                 TOKENS_KNOWN_COMMAND, TOKEN_SHELL, command, why);
	for (const char *p = "tKfHI"; *p != '\0'; p++)
		h->tokens.of[(unsigned char)*p] = NULL;
	free(key.base64);
	return e;
}

struct knowncommand *knowncommand_new(struct host *host, struct slice blob,
                                      void (*done)(void *ctx, enum err e, struct slice output),
                                      void *ctx)
{
	struct knowncommand *k = calloc(1, sizeof *k);
	char why[TOKEN_WHY_MAX] = "", *command = NULL;
	struct process_shell shell = { 0 };
	struct err_text text = { "" };
	enum err e = ERR_NOMEM;

	if (k != NULL) {
		*k = (struct knowncommand) { .host = host, .done = done, .ctx = ctx };
		e = expand(host, blob, &command, why);
	}
	if (e == ERR_OK)
		e = process_shell_init(&shell, command);
	if (e == ERR_OK)
		e = capture_start(host->around->loop,
		                  &(struct process_command) { .argv = shell.argv }, OUTPUT_MAX,
		                  on_captured, k, &k->capture, &text);
	process_shell_finish(&shell);
	free(command);
	if (e == ERR_OK)
		return k;
	say(host->around->say, SAY_ERROR, host->name, "KnownHostsCommand could not be run: %s",
	    *why != '\0'         ? why
	    : *text.text != '\0' ? text.text
	                         : err_text(e));
	knowncommand_free(k);
	return NULL;
}
