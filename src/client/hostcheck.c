#include "hostcheck.h"

#include <stdio.h>
#include <string.h>

#include "file.h"
#include "fingerprint.h"
#include "host.h"
#include "revoked.h"
#include "text.h"

enum { REVOKED_MAX = 60 * 1024 * 1024 }; /* bytes */

static enum err check_size(const struct host *host, const struct fingerprint *f, char *why)
{
	if (strncmp(f->label, "RSA", 3) != 0 || (int)f->bits >= host->o->required_rsa_size)
		return ERR_OK;
	snprintf(why, HOSTCHECK_WHY,
	         "its RSA key has only %u bits, and RequiredRSASize asks for %d; the host needs a "
	         "longer key",
	         f->bits, host->o->required_rsa_size);
	return ERR_AUTH;
}

/* A list that cannot be read may have had the key in it. */
static enum err check_revoked(const struct host *host, struct slice blob, const char *print,
                              char *why)
{
	const char *path = host->o->revoked_host_keys;
	struct buf content = BUF_EMPTY;
	struct err_text text = { "" };
	bool revoked = true;
	char name[300];
	size_t line = 0;
	enum err e;

	if (path == NULL || strcmp(path, "none") == 0)
		return ERR_OK;
	text_clean(slice_of(path), name, sizeof name);
	e = file_read(path, REVOKED_MAX, &content, &text);
	if (e == ERR_OK)
		e = revoked_check(buf_slice(&content), blob, &revoked, &line);
	buf_finish(&content);
	if (e == ERR_OK && !revoked)
		return ERR_OK;
	if (e == ERR_OK)
		snprintf(why, HOSTCHECK_WHY, "its host key %s is revoked in %s", print, name);
	else
		snprintf(why, HOSTCHECK_WHY,
		         "RevokedHostKeys %s cannot be read%s%s (line %zu), so no key is trusted",
		         name, *text.text == '\0' ? "" : ": ", text.text, line);
	return ERR_AUTH;
}

enum err hostcheck(const struct host *host, struct slice blob, char *why)
{
	char print[FINGERPRINT_MAX];
	struct fingerprint f;
	enum err e = fingerprint_of(&f, HASH_SHA256, blob);

	if (e != ERR_OK) {
		snprintf(why, HOSTCHECK_WHY, "its host key could not be read: %s", err_text(e));
		return ERR_AUTH;
	}
	fingerprint_text(&f, print);
	e = check_size(host, &f, why);
	return e == ERR_OK ? check_revoked(host, blob, print, why) : e;
}
