#include "usercert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "file.h"
#include "host.h"
#include "publine.h"
#include "text.h"

/* Reads a -cert.pub file; *plain gets the key it is for. */
static enum err read_cert(const char *path, struct buf *cert, struct buf *plain)
{
	struct buf content = BUF_EMPTY;
	struct publine line;
	struct certificate c;
	enum err e = file_read(path, KEYFILE_MAX, &content, NULL);

	if (e == ERR_OK)
		e = publine_read_file(&line, buf_slice(&content));
	buf_finish(&content);
	if (e != ERR_OK)
		return e;
	e = certificate_read(&c, buf_slice(&line.blob));
	if (e == ERR_OK && c.role != CERTIFICATE_USER)
		e = ERR_PROTO;
	if (e == ERR_OK) {
		buf_bytes(cert, buf_slice(&line.blob));
		buf_bytes(plain, buf_slice(&c.key));
		e = buf_err(cert) != ERR_OK ? buf_err(cert) : buf_err(plain);
	}
	certificate_finish(&c);
	publine_finish(&line);
	return e;
}

static enum err put_before(const struct identity *key, struct list *at, struct slice cert,
                           const char *path)
{
	struct identity *i;
	enum err e = identity_with_cert(key, cert, path, &i);

	if (e == ERR_OK)
		list_add(at,
		         &i->link); /* the end of the ring that starts at `at` is just before it */
	return e;
}

void usercert_beside(struct identity *key)
{
	struct buf cert = BUF_EMPTY, plain = BUF_EMPTY;
	char path[4096];

	if ((size_t)snprintf(path, sizeof path, "%s-cert.pub", key->path) < sizeof path &&
	    read_cert(path, &cert, &plain) == ERR_OK &&
	    slice_equal(buf_slice(&plain), buf_slice(&key->blob)))
		(void)put_before(key, &key->link, buf_slice(&cert), path);
	buf_finish(&cert);
	buf_finish(&plain);
}

static struct identity *key_of(struct list *all, struct slice plain)
{
	list_each (at, after, all) {
		struct identity *i = list_item(at, struct identity, link);

		if (i->cert.n == 0 && slice_equal(buf_slice(&i->blob), plain))
			return i;
	}
	return NULL;
}

static void add_configured(const struct host *host, struct list *all, const char *path)
{
	struct buf cert = BUF_EMPTY, plain = BUF_EMPTY;
	enum err e = read_cert(path, &cert, &plain);
	struct identity *key = e == ERR_OK ? key_of(all, buf_slice(&plain)) : NULL;
	char name[300];

	text_clean(slice_of(path), name, sizeof name);
	if (e != ERR_OK)
		say(host->around->say, SAY_WARNING, host->name,
		    "CertificateFile %s is not used: it is %s", name,
		    e == ERR_NONE    ? "not there, or of a type not known here"
		    : e == ERR_PROTO ? "no user certificate"
		                     : err_text(e));
	else if (key == NULL)
		say(host->around->say, SAY_VERBOSE, host->name,
		    "CertificateFile %s is not used: its key is not among the identities", name);
	else
		(void)put_before(key, all->next, buf_slice(&cert), path);
	buf_finish(&cert);
	buf_finish(&plain);
}

void usercert_configured(const struct host *host, struct list *all)
{
	const struct words *files = &host->o->certificate_file;
	char why[TOKEN_WHY_MAX], *path;

	for (size_t n = 0; n < files->n; n++) {
		if (strcmp(files->v[n], "none") == 0)
			continue;
		if (token_path(&host->tokens, host->around->env, files->v[n], &path, why) !=
		    ERR_OK) {
			say(host->around->say, SAY_WARNING, host->name, "CertificateFile: %s", why);
			continue;
		}
		add_configured(host, all, path);
		free(path);
	}
}
