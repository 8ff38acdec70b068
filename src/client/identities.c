#include "identities.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "agentconn.h"
#include "host.h"
#include "prompt.h"
#include "text.h"
#include "usercert.h"

struct identities {
	struct host *hop;
	struct list all;
	struct agentconn *agent;
	bool bound; /* the agent was told which session this is */
	void (*gathered)(void *ctx);
	void *gathered_ctx;

	struct { /* the signature being made */
		struct identity *key;
		struct buf alg, data;
		struct prompt *prompt;
		int attempts;
		void (*done)(void *ctx, struct slice signature);
		void *ctx;
	} sign;
};

struct identities *identities_new(struct host *hop)
{
	struct identities *ids = calloc(1, sizeof *ids);

	if (ids == NULL)
		return NULL;
	ids->hop = hop;
	list_init(&ids->all);
	return ids;
}

void identities_free(struct identities *ids)
{
	if (ids == NULL)
		return;
	agentconn_free(ids->agent);
	prompt_free(ids->sign.prompt);
	buf_finish(&ids->sign.alg);
	buf_finish(&ids->sign.data);
	list_each (at, after, &ids->all)
		identity_free(list_item(at, struct identity, link));
	free(ids);
}

struct identity *identities_next(const struct identities *ids)
{
	list_each (at, after, &ids->all) {
		struct identity *i = list_item(at, struct identity, link);

		if (!i->tried)
			return i;
	}
	return NULL;
}

/* ---- gathering ---- */

static void gather_files(struct identities *ids)
{
	const struct ssh_options *o = ids->hop->o;
	char why[TOKEN_WHY_MAX];
	struct identity *i;
	char *path;

	for (size_t n = 0; n < o->identity_file.n; n++) {
		if (strcmp(o->identity_file.v[n], "none") == 0)
			continue;
		if (token_path(&ids->hop->tokens, ids->hop->around->env, o->identity_file.v[n],
		               &path, why) != ERR_OK) {
			say(ids->hop->around->say, SAY_WARNING, ids->hop->name, "IdentityFile: %s",
			    why);
			continue;
		}
		enum err e = identity_from_file(ids->hop, path, &i);

		if (e == ERR_OK) {
			list_add(&ids->all, &i->link);
			usercert_beside(i);
		} else if (e == ERR_NONE && !o->identity_file_is_default)
			say(ids->hop->around->say, SAY_WARNING, ids->hop->name,
			    "there is no key file %s; check IdentityFile and -i", path);
		free(path);
	}
}

/* "SSH_AUTH_SOCK" and "$NAME" mean the variable; NULL is the first (ssh_config(5)). */
static const char *agent_path(const struct host *hop)
{
	const char *set = hop->o->identity_agent;

	if (set != NULL && strcmp(set, "none") == 0)
		return NULL;
	if (set == NULL || strcmp(set, "SSH_AUTH_SOCK") == 0)
		return hop->around->env->getenv(hop->around->env->ctx, "SSH_AUTH_SOCK");
	if (set[0] == '$')
		return hop->around->env->getenv(hop->around->env->ctx, set + 1);
	return set;
}

static void gathered(struct identities *ids)
{
	void (*cb)(void *ctx) = ids->gathered;

	ids->gathered = NULL;
	if (cb != NULL)
		cb(ids->gathered_ctx);
}

/* Marks the identities with that key, of which one may have a certificate. False: there is none. */
static bool mark_held(const struct identities *ids, struct slice blob)
{
	bool found = false;

	list_each (at, after, &ids->all) {
		struct identity *i = list_item(at, struct identity, link);

		if (slice_equal(buf_slice(&i->blob), blob))
			found = i->in_agent = true;
	}
	return found;
}

/* Puts the agent's keys into their places: both lists end up before those only in files. */
static void merge(struct identities *ids, struct agent_identities *held)
{
	bool only = ids->hop->o->identities_only > 0;
	struct list files, others;
	struct slice blob, comment;
	struct identity *i;

	list_init(&others);
	while (agent_next(held, &blob, &comment)) {
		if (!mark_held(ids, blob) && !only &&
		    identity_from_agent(blob, comment, &i) == ERR_OK)
			list_add(&others, &i->link);
	}
	list_init(&files);
	list_each (at, after, &ids->all) {
		if (!list_item(at, struct identity, link)->in_agent) {
			list_remove(at);
			list_add(&files, at);
		}
	}
	list_each (at, after, &others) {
		list_remove(at);
		list_add(&ids->all, at);
	}
	list_each (at, after, &files) {
		list_remove(at);
		list_add(&ids->all, at);
	}
}

static void on_list(void *ctx, enum err e, struct slice reply)
{
	struct identities *ids = ctx;
	struct agent_identities held;

	if (e == ERR_OK)
		e = agent_read_identities(reply, &held);
	if (e == ERR_OK)
		merge(ids, &held);
	else
		say(ids->hop->around->say, SAY_VERBOSE, ids->hop->name,
		    "the agent's keys are not used: %s",
		    *agentconn_why(ids->agent) != '\0' ? agentconn_why(ids->agent) : err_text(e));
	gathered(ids);
}

/* Requests are built with their length; agentconn wants them without. */
static struct slice unframed(const struct buf *b)
{
	return (struct slice) { b->p + 4, b->n - 4 };
}

static enum err ask(struct identities *ids, struct buf *request,
                    void (*cb)(void *ctx, enum err e, struct slice reply))
{
	enum err e = buf_err(request);

	if (e == ERR_OK)
		e = agentconn_ask(ids->agent, unframed(request), cb, ids);
	buf_finish(request);
	return e;
}

void identities_gather(struct identities *ids, void (*done)(void *ctx), void *ctx)
{
	const char *path = agent_path(ids->hop);
	struct buf request = BUF_EMPTY;

	ids->gathered = done;
	ids->gathered_ctx = ctx;
	gather_files(ids);
	usercert_configured(ids->hop, &ids->all);
	if (path == NULL || *path == '\0') {
		gathered(ids);
		return;
	}
	ids->agent = agentconn_new(ids->hop->around->loop, path);
	if (ids->agent != NULL)
		agent_ask_identities(&request);
	if (ids->agent == NULL || ask(ids, &request, on_list) != ERR_OK)
		gathered(ids);
}

/* ---- signing ---- */

static void signed_with(struct identities *ids, struct slice signature)
{
	void (*done)(void *ctx, struct slice signature) = ids->sign.done;

	prompt_free(ids->sign.prompt);
	ids->sign.prompt = NULL;
	ids->sign.done = NULL;
	if (done != NULL)
		done(ids->sign.ctx, signature);
}

static void cannot(struct identities *ids, const char *why)
{
	say(ids->hop->around->say, SAY_WARNING, ids->hop->name, "the key %s could not sign: %s",
	    ids->sign.key->name, why);
	signed_with(ids, (struct slice) { NULL, 0 });
}

static void sign_with_file(struct identities *ids)
{
	struct identity *i = ids->sign.key;
	struct buf signature = BUF_EMPTY;
	enum err e;

	if (i->file.key.pair == NULL) {
		cannot(ids, "it is held by a security key, which is not supported yet");
		return;
	}
	e = keypair_sign(i->file.key.pair, buf_slice(&ids->sign.alg), buf_slice(&ids->sign.data),
	                 &signature);
	if (e != ERR_OK)
		cannot(ids, err_text(e));
	else
		signed_with(ids, buf_slice(&signature));
	buf_finish(&signature);
}

static void ask_passphrase(struct identities *ids);

static void on_passphrase(void *ctx, enum err e, struct slice answer)
{
	struct identities *ids = ctx;
	char why[256] = "no passphrase was given";

	if (e == ERR_NONE)
		snprintf(why, sizeof why,
		         "it needs a passphrase, and there is no terminal to ask on; "
		         "use an agent (ssh-add)");
	if (e == ERR_OK && answer.n > 0)
		e = identity_load(ids->sign.key, answer, why);
	else if (e == ERR_OK)
		e = ERR_NONE; /* an empty answer gives this key up */
	prompt_free(ids->sign.prompt);
	ids->sign.prompt = NULL;
	if (e == ERR_OK)
		sign_with_file(ids);
	else if (e == ERR_AUTH && ids->sign.attempts < ids->hop->o->number_of_password_prompts)
		ask_passphrase(ids);
	else
		cannot(ids, why);
}

static void ask_passphrase(struct identities *ids)
{
	struct prompt_question q = { .kind = PROMPT_SECRET };
	char text[512];

	if (ids->hop->o->batch_mode > 0) {
		cannot(
		    ids,
		    "it needs a passphrase, and BatchMode forbids to ask; use an agent (ssh-add)");
		return;
	}
	ids->sign.attempts++;
	snprintf(text, sizeof text, "Enter passphrase for key '%s' (%s): ", ids->sign.key->name,
	         ids->hop->name);
	q.text = slice_of(text);
	ids->sign.prompt = prompt_new(ids->hop->around->loop, &q, on_passphrase, ids);
	if (ids->sign.prompt == NULL)
		cannot(ids, "out of memory");
}

static void load_and_sign(struct identities *ids)
{
	char why[256];
	enum err e = identity_load(ids->sign.key, (struct slice) { NULL, 0 }, why);

	if (e == ERR_OK)
		sign_with_file(ids);
	else if (e == ERR_MORE)
		ask_passphrase(ids);
	else
		cannot(ids, why);
}

/* The agent did not sign: the file may. */
static void agent_failed(struct identities *ids, enum err e)
{
	if (ids->sign.key->path != NULL)
		load_and_sign(ids);
	else
		cannot(ids, e == ERR_AUTH ? "the agent refused" : err_text(e));
}

static void on_agent_signed(void *ctx, enum err e, struct slice reply)
{
	struct identities *ids = ctx;
	struct slice signature = { NULL, 0 };

	if (e == ERR_OK)
		e = agent_read_signature(reply, buf_slice(&ids->sign.alg), &signature);
	if (e == ERR_OK)
		signed_with(ids, signature);
	else
		agent_failed(ids, e);
}

static void on_bound(void *ctx, enum err e, struct slice reply)
{
	(void)ctx; /* agents that do not know it refuse, which does no harm */
	(void)e;
	(void)reply;
}

/* Restricted keys are only usable on a connection that the agent knows the session of. */
static enum err bind_session(struct identities *ids)
{
	struct buf request = BUF_EMPTY;
	struct ssh_info info;

	if (ids->bound)
		return ERR_OK;
	ids->bound = true;
	ssh_info(ids->hop->ssh, &info);
	agent_ask_bind(&request, &(struct agent_session) { .host_key = info.host_key,
	                                                   .session_id = info.session_id,
	                                                   .signature = info.kex_signature });
	return ask(ids, &request, on_bound);
}

static void sign_with_agent(struct identities *ids)
{
	struct buf request = BUF_EMPTY;
	enum err e = bind_session(ids);

	if (e == ERR_OK)
		e = agent_ask_signature(&request, buf_slice(&ids->sign.key->blob),
		                        buf_slice(&ids->sign.data), buf_slice(&ids->sign.alg));
	if (e == ERR_OK)
		e = ask(ids, &request, on_agent_signed);
	buf_finish(&request);
	if (e != ERR_OK)
		agent_failed(ids, e);
}

void identities_sign(struct identities *ids, struct identity *i, struct slice alg,
                     struct slice data, void (*done)(void *ctx, struct slice signature), void *ctx)
{
	const char *plain; /* a certificate's key signs under its own name */

	ids->sign.key = i;
	ids->sign.attempts = 0;
	ids->sign.done = done;
	ids->sign.ctx = ctx;
	plain = keytype_alg_plain(alg);
	buf_clear(&ids->sign.alg);
	buf_bytes(&ids->sign.alg, plain == NULL ? alg : slice_of(plain));
	buf_clear(&ids->sign.data);
	buf_bytes(&ids->sign.data, data);
	if (buf_err(&ids->sign.alg) != ERR_OK || buf_err(&ids->sign.data) != ERR_OK)
		cannot(ids, "out of memory");
	else if (i->in_agent && ids->agent != NULL)
		sign_with_agent(ids);
	else
		load_and_sign(ids);
}
