#include "identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "host.h"
#include "publine.h"
#include "text.h"
#include "wire.h"

enum { WHY_MAX = 256, NAME_MAX_BYTES = 300 };

void identity_free(struct identity *i)
{
	if (i == NULL)
		return;
	list_remove(&i->link);
	buf_finish(&i->blob);
	buf_finish(&i->cert);
	keyfile_finish(&i->file);
	free(i->path);
	free(i->name);
	free(i);
}

static struct identity *identity_new(struct slice name)
{
	struct identity *i = calloc(1, sizeof *i);

	if (i == NULL)
		return NULL;
	list_init(&i->link);
	i->file = KEYFILE_EMPTY;
	i->name = malloc(NAME_MAX_BYTES);
	if (i->name == NULL) {
		identity_free(i);
		return NULL;
	}
	text_clean(name, i->name, NAME_MAX_BYTES);
	return i;
}

/* OpenSSH looks into PATH.pub first: so a key can be named whose private half only the agent has. */
static bool read_public(const char *path, struct buf *blob)
{
	char pub[4096];
	struct buf content = BUF_EMPTY;
	struct publine line;
	bool found = false;

	if ((size_t)snprintf(pub, sizeof pub, "%s.pub", path) < sizeof pub &&
	    file_read(pub, KEYFILE_MAX, &content, NULL) == ERR_OK) {
		if (publine_read_file(&line, buf_slice(&content)) == ERR_OK) {
			if (!line.cert)
				buf_bytes(blob, buf_slice(&line.blob));
			found = blob->n > 0;
			publine_finish(&line);
		}
	}
	buf_finish(&content);
	return found;
}

/* A key that others may read is no secret: refused as OpenSSH does. */
static bool too_open(const struct host *hop, const char *name, const struct file_facts *facts)
{
	if (facts->owner != getuid() || (facts->mode & 077) == 0)
		return false;
	say(hop->around->say, SAY_WARNING, hop->name,
	    "the key %s is not used: others may read it (mode %04o); chmod 600 it", name,
	    (unsigned)(facts->mode & 07777));
	return true;
}

static enum err look_into(const struct host *hop, struct identity *i, struct slice content)
{
	struct keyfile_info info = { 0 };
	struct publine line;
	enum err e;

	if (publine_read_file(&line, content) == ERR_OK) { /* IdentityFile names the public half */
		buf_bytes(&i->blob, buf_slice(&line.blob));
		publine_finish(&line);
		return buf_err(&i->blob);
	}
	e = keyfile_info(&info, content);
	if (e == ERR_OK || e == ERR_MORE) {
		i->locked = info.locked;
		if (i->blob.n == 0)
			buf_bytes(&i->blob, buf_slice(&info.public));
		e = buf_err(&i->blob);
	} else {
		say(hop->around->say, SAY_WARNING, hop->name, "the key %s is not used: it %s",
		    i->name, keyfile_error(e));
		e = ERR_PROTO;
	}
	keyfile_info_finish(&info);
	return e;
}

static enum err read_file(const struct host *hop, struct identity *i)
{
	struct buf content = BUF_EMPTY;
	struct file_facts facts;
	struct err_text why = { "" };
	enum err e = file_read_facts(i->path, KEYFILE_MAX, &content, &facts, &why);

	if (e == ERR_OK && too_open(hop, i->name, &facts))
		e = ERR_PROTO;
	else if (e == ERR_OK)
		e = look_into(hop, i, buf_slice(&content));
	else if (e == ERR_NONE && i->blob.n > 0)
		e = ERR_OK; /* only the public half is here: the agent may have the other */
	else if (e != ERR_NONE)
		say(hop->around->say, SAY_WARNING, hop->name, "%s", why.text);
	buf_finish(&content);
	return e;
}

enum err identity_from_file(const struct host *hop, const char *path, struct identity **out)
{
	struct identity *i = identity_new(slice_of(path));
	enum err e = ERR_NOMEM;

	*out = NULL;
	if (i == NULL)
		return ERR_NOMEM;
	i->path = strdup(path);
	if (i->path != NULL) {
		read_public(path, &i->blob);
		e = read_file(hop, i);
	}
	if (e != ERR_OK) {
		identity_free(i);
		return e;
	}
	*out = i;
	return ERR_OK;
}

enum err identity_from_agent(struct slice blob, struct slice comment, struct identity **out)
{
	struct identity *i = identity_new(comment);

	*out = NULL;
	if (i == NULL)
		return ERR_NOMEM;
	i->in_agent = true;
	buf_bytes(&i->blob, blob);
	if (buf_err(&i->blob) != ERR_OK) {
		identity_free(i);
		return ERR_NOMEM;
	}
	*out = i;
	return ERR_OK;
}

enum err identity_with_cert(const struct identity *key, struct slice cert, const char *path,
                            struct identity **out)
{
	struct identity *i = identity_new(slice_of(path));

	*out = NULL;
	if (i == NULL)
		return ERR_NOMEM;
	i->in_agent = key->in_agent;
	i->locked = key->locked;
	i->path = key->path == NULL ? NULL : strdup(key->path);
	buf_bytes(&i->blob, buf_slice(&key->blob));
	buf_bytes(&i->cert, cert);
	if (buf_err(&i->blob) != ERR_OK || buf_err(&i->cert) != ERR_OK ||
	    (key->path != NULL && i->path == NULL)) {
		identity_free(i);
		return ERR_NOMEM;
	}
	*out = i;
	return ERR_OK;
}

struct slice identity_offer(const struct identity *i)
{
	return buf_slice(i->cert.n > 0 ? &i->cert : &i->blob);
}

enum err identity_load(struct identity *i, struct slice passphrase, char *why)
{
	struct buf content = BUF_EMPTY;
	struct err_text text = { "" };
	enum err e;

	if (i->loaded)
		return ERR_OK;
	e = file_read(i->path, KEYFILE_MAX, &content, &text);
	if (e != ERR_OK) {
		snprintf(why, WHY_MAX, "%.200s", text.text);
		buf_finish(&content);
		return e == ERR_MORE || e == ERR_AUTH ? ERR_SYS : e;
	}
	e = keyfile_read(&i->file, buf_slice(&content), passphrase);
	buf_finish(&content);
	snprintf(why, WHY_MAX, "it %s", keyfile_error(e));
	if (e != ERR_OK)
		return e;
	if (i->blob.n == 0)
		buf_bytes(&i->blob, buf_slice(&i->file.key.public));
	if (buf_err(&i->blob) != ERR_OK)
		return ERR_NOMEM;
	i->loaded = true;
	return ERR_OK;
}

static bool has(const char *list, const char *name)
{
	struct slice rest = slice_of(list), each;

	while (wire_name(&rest, &each))
		if (slice_is(each, name))
			return true;
	return false;
}

/* Servers list plain algorithms, also for certificates (RFC 8308 §3.1); the configuration lists
 * both. Without a list the server may take anything. */
static bool usable(const char *alg, const char *plain, const char *sig_algs, const char *accepted)
{
	if (accepted != NULL && !has(accepted, alg))
		return false;
	return *sig_algs == '\0' || has(sig_algs, plain) || has(sig_algs, alg);
}

const char *identity_alg(const struct identity *i, const char *sig_algs, const char *accepted)
{
	static const char *const rsa[] = { "rsa-sha2-512", "rsa-sha2-256" };
	struct wire in = wire_in(identity_offer(i));
	struct slice type = wire_string(&in);
	const struct keytype *plain = keytype_find(type), *cert = keytype_find_cert(type);
	const char *alg;

	if (plain == NULL && cert == NULL)
		return "";
	if ((plain != NULL ? plain : cert)->kind != PUBKEY_RSA) {
		alg = plain != NULL ? plain->name : cert->cert;
		return usable(alg, alg, "", accepted) ? alg : "";
	}
	for (size_t n = 0; n < ARRAY_LEN(rsa); n++) {
		alg = plain != NULL ? rsa[n] : keytype_alg_cert(slice_of(rsa[n]));
		if (alg != NULL && usable(alg, rsa[n], sig_algs, accepted))
			return alg;
	}
	return "";
}
