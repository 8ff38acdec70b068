#include "trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "fingerprint.h"
#include "host.h"
#include "hostcheck.h"
#include "knownadd.h"
#include "knowncommand.h"
#include "knownhosts.h"
#include "prompt.h"
#include "pubkey.h"
#include "randomart.h"
#include "text.h"
#include "trustfiles.h"
#include "wire.h"

enum { WHY_MAX = 768 };

struct trust {
	struct host *hop;
	struct knownhosts *known; /* about the host as it is called here */
	struct knownhosts
	    *portless;  /* about the host without its port; NULL: port 22 or an alias */
	char name[300]; /* "host" or "[host]:port" */
	char bare[256];
	bool unread; /* known_hosts could not be read as a whole: nothing may be decided */
	bool doubtful;
	struct buf blob; /* the key being judged */
	char print[FINGERPRINT_MAX], label[FINGERPRINT_LABEL_MAX];
	struct prompt *prompt;
	struct knowncommand *command;
	void (*done)(void *ctx, bool trusted, const char *why);
	void *ctx;
};

/* ---- what is known ---- */

static void make_names(struct trust *t)
{
	const struct ssh_options *o = t->hop->o;
	const char *alias = o->host_key_alias;

	snprintf(t->bare, sizeof t->bare, "%s", alias != NULL ? alias : o->host);
	for (char *p = t->bare; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (alias == NULL && o->port != 22)
		snprintf(t->hop->known_name, sizeof t->hop->known_name, "[%s]:%d", t->bare,
		         o->port);
	else
		snprintf(t->hop->known_name, sizeof t->hop->known_name, "%s", t->bare);
}

static void read_files(struct trust *t)
{
	t->known = knownhosts_new(slice_of(t->hop->known_name));
	if (strcmp(t->hop->known_name, t->bare) != 0)
		t->portless = knownhosts_new(slice_of(t->bare));
	t->unread = t->known == NULL || trustfiles_load(t->hop, t->known, t->portless) != ERR_OK;
}

struct trust *trust_new(struct host *hop)
{
	struct trust *t = calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	t->hop = hop;
	make_names(t);
	read_files(t);
	if (t->known == NULL) {
		trust_free(t);
		return NULL;
	}
	return t;
}

void trust_free(struct trust *t)
{
	if (t == NULL)
		return;
	prompt_free(t->prompt);
	knowncommand_free(t->command);
	knownhosts_free(t->known);
	knownhosts_free(t->portless);
	buf_finish(&t->blob);
	free(t);
}

bool trust_doubtful(const struct trust *t)
{
	return t->doubtful;
}

/* ---- which algorithms to offer ---- */

static bool alg_known(const struct knownhosts *k, struct slice alg)
{
	const struct keytype *type = keytype_find(
	    slice_is(alg, "rsa-sha2-512") || slice_is(alg, "rsa-sha2-256") ? slice_of("ssh-rsa")
									   : alg);

	return type != NULL && k != NULL && knownhosts_has(k, KNOWNLINE_PLAIN, type);
}

static void append_algs(const struct trust *t, struct buf *out, bool wanted)
{
	struct slice list = slice_of(pubkey_algs_default), alg;

	while (wire_name(&list, &alg))
		if ((alg_known(t->known, alg) || alg_known(t->portless, alg)) == wanted)
			buf_printf(out, "%s%.*s", out->n > 0 ? "," : "", (int)alg.n,
			           (const char *)alg.p);
}

/* Certificates are asked for where a CA is trusted: a host without one then shows its plain key. */
static void append_cert_algs(struct buf *out)
{
	struct slice list = slice_of(pubkey_algs_default), alg;
	const char *cert;

	while (wire_name(&list, &alg))
		if ((cert = keytype_alg_cert(alg)) != NULL)
			buf_printf(out, "%s%s", out->n > 0 ? "," : "", cert);
}

char *trust_algorithms(const struct trust *t)
{
	struct buf out = BUF_EMPTY;
	char *list = NULL;

	if (t->hop->o->host_key_algorithms != NULL)
		return strdup(t->hop->o->host_key_algorithms);
	if (knownhosts_has_ca(t->known) || (t->portless != NULL && knownhosts_has_ca(t->portless)))
		append_cert_algs(&out);
	append_algs(t, &out, true);
	append_algs(t, &out, false);
	if (buf_err(&out) == ERR_OK)
		list = strndup((const char *)out.p, out.n);
	buf_finish(&out);
	return list;
}

/* ---- the verdict ---- */

static void finish(struct trust *t, bool trusted, const char *why)
{
	void (*done)(void *ctx, bool trusted, const char *why) = t->done;

	t->done = NULL;
	if (done != NULL)
		done(t->ctx, trusted, why);
}

static void add_line(struct trust *t)
{
	char why[WHY_MAX], name[300];
	enum err e = knownadd(t->hop, t->hop->known_name, buf_slice(&t->blob), why, sizeof why);

	text_clean(slice_of(t->hop->known_name), name, sizeof name);
	if (e == ERR_OK)
		say(t->hop->around->say, SAY_INFO, t->hop->name,
		    "permanently added '%s' (%s) to the list of known hosts", name, t->label);
	else if (e == ERR_NONE) /* that is what /dev/null is given for */
		say(t->hop->around->say, SAY_VERBOSE, t->hop->name,
		    "its host key (%s %s) is accepted and not remembered", t->label, t->print);
	else
		say(t->hop->around->say, SAY_WARNING, t->hop->name,
		    "the host key could not be added to the list of known hosts: %s", why);
}

static void ask(struct trust *t, const char *again);

static bool answer_is(struct slice a, const char *word)
{
	size_t n = strlen(word);

	return a.n == n && strncasecmp((const char *)a.p, word, n) == 0;
}

static void on_answer(void *ctx, enum err e, struct slice answer)
{
	struct trust *t = ctx;
	char why[WHY_MAX];
	bool yes = answer_is(answer, "yes") || slice_is(answer, t->print);
	bool no = answer_is(answer, "no");

	if (e == ERR_OK && !yes && !no) {
		prompt_free(t->prompt);
		t->prompt = NULL;
		ask(t, "Please type 'yes', 'no' or the fingerprint: ");
		return;
	}
	prompt_free(t->prompt);
	t->prompt = NULL;
	if (e == ERR_OK && yes) {
		add_line(t);
		finish(t, true, "");
		return;
	}
	if (e == ERR_NONE)
		snprintf(why, sizeof why,
		         "its host key is not known (%s %s), and there is no terminal to ask on; "
		         "add it to known_hosts, or use -o StrictHostKeyChecking=accept-new",
		         t->label, t->print);
	else
		snprintf(why, sizeof why, "its host key was not accepted (%s %s)", t->label,
		         t->print);
	finish(t, false, why);
}

static void ask(struct trust *t, const char *again)
{
	char text[1536], name[300], art[RANDOMART_MAX] = "";
	struct prompt_question q = { .kind = PROMPT_TEXT };
	struct fingerprint f;

	text_clean(slice_of(t->hop->known_name), name, sizeof name);
	if (t->hop->o->visual_host_key > 0 &&
	    fingerprint_of(&f, HASH_SHA256, buf_slice(&t->blob)) == ERR_OK)
		randomart_text(&f, art);
	snprintf(text, sizeof text,
	         "The authenticity of host '%s' (%s%s%s) can't be established.\n"
	         "%s key fingerprint is %s.%s%s",
	         name, t->hop->address, t->hop->via == NULL ? "" : " through ",
	         t->hop->via == NULL ? "" : t->hop->via, t->label, t->print,
	         *art == '\0' ? "" : "\n", art);
	q.instruction = again == NULL ? slice_of(text) : (struct slice) { NULL, 0 };
	q.text = slice_of(again != NULL ? again
	                                : "Are you sure you want to continue connecting "
	                                  "(yes/no/[fingerprint])? ");
	t->prompt = prompt_new(t->hop->around->loop, &q, on_answer, t);
	if (t->prompt == NULL)
		finish(t, false, "out of memory");
}

static void on_unknown(struct trust *t)
{
	const struct ssh_options *o = t->hop->o;
	char why[WHY_MAX];

	switch (o->strict_host_key_checking) {
	case STRICT_NO:
	case STRICT_ACCEPT_NEW:
		add_line(t);
		finish(t, true, "");
		return;
	case STRICT_ASK:
		if (o->batch_mode <= 0) {
			ask(t, NULL);
			return;
		}
		break;
	default: break;
	}
	snprintf(why, sizeof why,
	         "its host key is not known (%s %s), and %s; check it another way and add it to "
	         "known_hosts, or use -o StrictHostKeyChecking=accept-new",
	         t->label, t->print,
	         o->strict_host_key_checking == STRICT_YES ? "StrictHostKeyChecking is yes"
	                                                   : "BatchMode forbids to ask");
	finish(t, false, why);
}

static void warn_changed(const struct trust *t, const char *where)
{
	say_raw(t->hop->around->say, SAY_ERROR,
	        "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n"
	        "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n"
	        "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n");
	say(t->hop->around->say, SAY_ERROR, t->hop->name,
	    "the %s key sent by the host is %s, which is not the one in %s. Somebody could be "
	    "listening in on you right now (man-in-the-middle attack), or the host key has just "
	    "been "
	    "changed.",
	    t->label, t->print, where);
}

static void on_changed(struct trust *t, const struct knownhosts_entry *entry)
{
	char where[400], path[300], why[WHY_MAX];

	text_clean(slice_of(entry->path), path, sizeof path);
	snprintf(where, sizeof where, "%s line %zu (%s)", path, entry->line, entry->type->label);
	warn_changed(t, where);
	if (t->hop->o->strict_host_key_checking == STRICT_NO) {
		t->doubtful = true;
		say(t->hop->around->say, SAY_WARNING, t->hop->name,
		    "going on because StrictHostKeyChecking is no; no password will be sent");
		finish(t, true, "");
		return;
	}
	snprintf(why, sizeof why,
	         "its host key has changed: it is now %s %s, against %s; if that is right, remove "
	         "the line (ssh-keygen -R '%s' -f %s)",
	         t->label, t->print, where, t->hop->known_name, path);
	finish(t, false, why);
}

static void on_revoked(struct trust *t, const struct knownhosts_entry *entry)
{
	char path[300], why[WHY_MAX];

	text_clean(slice_of(entry->path), path, sizeof path);
	snprintf(why, sizeof why,
	         "its host key %s %s is marked as revoked in %s line %zu; do not connect until the "
	         "host has a new key",
	         t->label, t->print, path, entry->line);
	finish(t, false, why);
}

static enum err judge(struct trust *t, struct knownhosts_answer *a)
{
	struct knownhosts_trust trust = { .name = slice_of(t->bare),
		                          .now = (uint64_t)time(NULL),
		                          .ca_algs = t->hop->o->ca_signature_algorithms };
	struct knownhosts_answer other;
	enum err e = knownhosts_check(t->known, buf_slice(&t->blob), &trust, a);

	if (e != ERR_OK || a->verdict != KNOWNHOSTS_UNKNOWN || t->portless == NULL)
		return e;
	e = knownhosts_check(t->portless, buf_slice(&t->blob), &trust, &other);
	if (e == ERR_OK && other.verdict != KNOWNHOSTS_CHANGED)
		*a = other;
	return e;
}

static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
	       strcmp(host, "::1") == 0;
}

/* Another hop, or another program, may have added the host since the files were read. */
static void read_again(struct trust *t)
{
	knownhosts_free(t->known);
	knownhosts_free(t->portless);
	t->portless = NULL;
	read_files(t);
}

static void decide(struct trust *t)
{
	struct knownhosts_answer a;
	enum err e = t->unread ? ERR_SYS : judge(t, &a);

	if (e == ERR_OK && a.verdict == KNOWNHOSTS_UNKNOWN && t->command == NULL) {
		read_again(t);
		e = t->unread ? ERR_SYS : judge(t, &a);
	}

	if (e != ERR_OK) {
		finish(t, false,
		       t->unread
		           ? "what is known of the host could not be read, so nothing is trusted"
		           : "its host key could not be judged");
		return;
	}
	if (a.cert_refused != NULL)
		say(t->hop->around->say, SAY_WARNING, t->hop->name,
		    "its certificate is not believed: %s", a.cert_refused);
	switch (a.verdict) {
	case KNOWNHOSTS_MATCH:
	case KNOWNHOSTS_CA: finish(t, true, ""); break;
	case KNOWNHOSTS_UNKNOWN: on_unknown(t); break;
	case KNOWNHOSTS_CHANGED: on_changed(t, a.entry); break;
	case KNOWNHOSTS_REVOKED: on_revoked(t, a.entry); break;
	}
}

static void on_command(void *ctx, enum err e, struct slice output)
{
	struct trust *t = ctx;

	if (e == ERR_OK)
		e = knownhosts_load(t->known, "KnownHostsCommand", output);
	t->unread |= e != ERR_OK;
	decide(t);
}

static void start(struct trust *t)
{
	const struct ssh_options *o = t->hop->o;

	if (o->no_host_authentication_for_localhost > 0 && is_loopback(o->host)) {
		finish(t, true, "");
		return;
	}
	if (o->known_hosts_command == NULL || strcmp(o->known_hosts_command, "none") == 0) {
		decide(t);
		return;
	}
	t->command = knowncommand_new(t->hop, buf_slice(&t->blob), on_command, t);
	if (t->command == NULL) {
		t->unread = true;
		decide(t);
	}
}

void trust_check(struct trust *t, struct slice blob,
                 void (*done)(void *ctx, bool trusted, const char *why), void *ctx)
{
	struct fingerprint f;
	char why[HOSTCHECK_WHY];

	t->done = done;
	t->ctx = ctx;
	buf_clear(&t->blob);
	buf_bytes(&t->blob, blob);
	if (buf_err(&t->blob) != ERR_OK || fingerprint_of(&f, HASH_SHA256, blob) != ERR_OK) {
		finish(t, false, "its host key could not be read");
		return;
	}
	fingerprint_text(&f, t->print);
	snprintf(t->label, sizeof t->label, "%s", f.label);
	if (hostcheck(t->hop, blob, why) != ERR_OK)
		finish(t, false, why);
	else
		start(t);
}
