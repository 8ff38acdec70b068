#include "login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "identities.h"
#include "prompt.h"
#include "text.h"
#include "trust.h"
#include "wire.h"

enum { TRIED_MAX = 1024, ROUNDS_MAX = 64 };

struct login {
	struct host *hop;
	struct identities *ids;
	bool gathered;
	bool waits; /* SSH_AUTH came before the keys were gathered */
	bool asked_none;
	bool told_list;       /* the server has said which methods there are */
	char methods[1024];   /* those that can continue */
	struct identity *key; /* being tried */
	int passwords, kbdints, rounds;
	bool kbd_asked;        /* keyboard-interactive led to a question */
	char method[400];      /* the attempt under way, for people */
	char tried[TRIED_MAX]; /* what was refused, for people */
	struct prompt *prompt;
	struct { /* keyboard-interactive: answers so far */
		struct buf text[SSH_PROMPTS_MAX];
		size_t n;
	} kbd;
	void (*progress)(void *ctx);
	void *ctx;
};

struct login *login_new(struct host *hop)
{
	struct login *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->hop = hop;
	l->ids = identities_new(hop);
	if (l->ids == NULL) {
		free(l);
		return NULL;
	}
	return l;
}

static void kbd_clear(struct login *l)
{
	for (size_t i = 0; i < SSH_PROMPTS_MAX; i++)
		buf_finish(&l->kbd.text[i]);
	l->kbd.n = 0;
}

void login_free(struct login *l)
{
	if (l == NULL)
		return;
	prompt_free(l->prompt);
	identities_free(l->ids);
	kbd_clear(l);
	free(l);
}

void login_on_progress(struct login *l, void (*progress)(void *ctx), void *ctx)
{
	l->progress = progress;
	l->ctx = ctx;
}

const char *login_method(const struct login *l)
{
	return l->method;
}

static void moved(struct login *l)
{
	if (l->progress != NULL)
		l->progress(l->ctx);
}

static bool in_list(const char *list, const char *name)
{
	struct slice rest = slice_of(list), each;

	while (wire_name(&rest, &each))
		if (slice_is(each, name))
			return true;
	return false;
}

/* ---- which method ---- */

static void next(struct login *l);

static bool server_takes(const struct login *l, const char *method)
{
	return !l->told_list || in_list(l->methods, method);
}

static void give_up(struct login *l)
{
	char text[sizeof l->methods + TRIED_MAX + 128], methods[sizeof l->methods];

	text_clean(slice_of(l->methods), methods, sizeof methods);
	snprintf(text, sizeof text, "permission denied (it takes: %s); %s%s",
	         *methods == '\0' ? "nothing it has said" : methods,
	         *l->tried == '\0' ? "no key or password to try; name one with -i" : "tried: ",
	         l->tried);
	ssh_close(l->hop->ssh, 14, text);
}

static void remember(struct login *l)
{
	size_t n = strlen(l->tried);

	if (*l->method != '\0')
		snprintf(l->tried + n, sizeof l->tried - n, "%s%s", n > 0 ? ", " : "", l->method);
	l->method[0] = '\0';
}

static bool try_publickey(struct login *l)
{
	const struct ssh_options *o = l->hop->o;
	struct ssh_info info;
	struct identity *i;
	const char *alg;
	char why[256];

	if (o->pubkey_authentication == PUBKEY_NO)
		return false;
	ssh_info(l->hop->ssh, &info);
	while ((i = identities_next(l->ids)) != NULL) {
		i->tried = true;
		if (!i->in_agent && !i->locked &&
		    identity_load(i, (struct slice) { NULL, 0 }, why) != ERR_OK && i->blob.n == 0)
			continue;
		alg = identity_alg(i, info.sig_algs, o->pubkey_accepted_algorithms);
		if (*alg == '\0')
			continue;
		l->key = i;
		snprintf(l->method, sizeof l->method, "publickey (%s%s)", i->name,
		         i->in_agent ? ", agent" : "");
		ssh_auth_publickey(l->hop->ssh, slice_of(alg), identity_offer(i), i->loaded);
		return true;
	}
	return false;
}

static void on_password(void *ctx, enum err e, struct slice answer)
{
	struct login *l = ctx;

	if (e == ERR_OK) {
		snprintf(l->method, sizeof l->method, "password");
		ssh_auth_password(l->hop->ssh, answer);
	}
	prompt_free(l->prompt);
	l->prompt = NULL;
	if (e != ERR_OK) {
		l->passwords = l->hop->o->number_of_password_prompts;
		snprintf(l->method, sizeof l->method, "password (%s)",
		         e == ERR_NONE ? "no terminal to ask on" : "none was given");
		remember(l);
		next(l);
	}
	moved(l);
}

static bool may_prompt(const struct login *l)
{
	return l->hop->o->batch_mode <= 0 && !trust_doubtful(l->hop->trust);
}

static bool try_password(struct login *l)
{
	struct prompt_question q = { .kind = PROMPT_SECRET };
	char text[600], user[256];

	if (l->hop->o->password_authentication <= 0 || !may_prompt(l) ||
	    l->passwords >= l->hop->o->number_of_password_prompts)
		return false;
	if (l->passwords++ > 0)
		say(l->hop->around->say, SAY_ERROR, l->hop->name,
		    "permission denied, please try again");
	text_clean(slice_of(l->hop->o->user), user, sizeof user);
	snprintf(text, sizeof text, "%s@%s's password: ", user, l->hop->name);
	q.text = slice_of(text);
	l->prompt = prompt_new(l->hop->around->loop, &q, on_password, l);
	return l->prompt != NULL;
}

static bool try_kbdint(struct login *l)
{
	/* a server that asks nothing will ask nothing the next time */
	if (l->hop->o->kbd_interactive_authentication <= 0 || !may_prompt(l) ||
	    (l->kbdints > 0 && !l->kbd_asked) ||
	    l->kbdints >= l->hop->o->number_of_password_prompts)
		return false;
	l->kbdints++;
	snprintf(l->method, sizeof l->method, "keyboard-interactive");
	ssh_auth_kbdint(l->hop->ssh);
	return true;
}

/* Without a key, the server is asked what it wants before the person is. */
static bool try_none(struct login *l)
{
	if (l->told_list || l->asked_none)
		return false;
	l->asked_none = true;
	snprintf(l->method, sizeof l->method, "none");
	ssh_auth_none(l->hop->ssh);
	return true;
}

static bool try_method(struct login *l, struct slice name)
{
	if (slice_is(name, "publickey"))
		return server_takes(l, "publickey") && try_publickey(l);
	if (!slice_is(name, "password") && !slice_is(name, "keyboard-interactive"))
		return false; /* gssapi-with-mic, hostbased: not here */
	if (try_none(l))
		return true;
	if (slice_is(name, "password"))
		return server_takes(l, "password") && try_password(l);
	return server_takes(l, "keyboard-interactive") && try_kbdint(l);
}

static void next(struct login *l)
{
	struct slice order = slice_of(l->hop->o->preferred_authentications != NULL
	                                  ? l->hop->o->preferred_authentications
	                                  : "publickey,keyboard-interactive,password");
	struct slice name;

	if (++l->rounds <= ROUNDS_MAX)
		while (wire_name(&order, &name))
			if (try_method(l, name))
				return;
	if (l->rounds <= ROUNDS_MAX && try_none(l))
		return;
	give_up(l);
}

static void on_gathered(void *ctx)
{
	struct login *l = ctx;

	l->gathered = true;
	if (l->waits) {
		l->waits = false;
		next(l);
		moved(l);
	}
}

void login_prepare(struct login *l)
{
	identities_gather(l->ids, on_gathered, l);
}

/* ---- what the server says ---- */

static void on_auth(struct login *l, const struct ssh_event *ev)
{
	if (ev->name.n > 0) {
		l->told_list = true;
		if (!slice_text(ev->name, l->methods, sizeof l->methods))
			l->methods[0] = '\0';
	}
	if (ev->ok)
		say(l->hop->around->say, SAY_VERBOSE, l->hop->name,
		    "%s was accepted; the server wants one more of: %s", l->method, l->methods);
	else if (strcmp(l->method, "none") != 0)
		remember(l);
	l->method[0] = '\0';
	if (l->gathered)
		next(l);
	else
		l->waits = true;
}

static void on_signed(void *ctx, struct slice signature)
{
	struct login *l = ctx;
	struct ssh_info info;

	/* OpenSSH passes over what comes behind a login that fails; others may hang up. */
	ssh_info(l->hop->ssh, &info);
	if (strncmp(info.peer, "OpenSSH_", 8) == 0)
		ssh_allow_early(l->hop->ssh);
	ssh_answer_sign(l->hop->ssh, signature);
	moved(l);
}

/* The probe was answered: the key may be used. */
static void on_key_ok(struct login *l, const struct ssh_event *ev)
{
	ssh_auth_publickey(l->hop->ssh, ev->name, ev->blob, true);
}

static void on_banner(const struct login *l, const struct ssh_event *ev)
{
	struct slice rest = { ev->data.p, ev->data.n };
	char line[1024];

	while (rest.n > 0) {
		const uint8_t *nl = memchr(rest.p, '\n', rest.n);
		size_t n = nl == NULL ? rest.n : (size_t)(nl - rest.p);
		size_t shown = n > 0 && rest.p[n - 1] == '\r' ? n - 1 : n;

		text_clean((struct slice) { rest.p, shown }, line, sizeof line);
		say_raw(l->hop->around->say, SAY_INFO, line);
		say_raw(l->hop->around->say, SAY_INFO, "\n");
		n += nl != NULL;
		rest.p += n;
		rest.n -= n;
	}
}

/* ---- keyboard-interactive ---- */

static void ask_next_prompt(struct login *l);

static void send_answers(struct login *l)
{
	struct slice answers[SSH_PROMPTS_MAX];

	for (size_t i = 0; i < l->kbd.n; i++)
		answers[i] = buf_slice(&l->kbd.text[i]);
	ssh_answer_prompts(l->hop->ssh, answers, l->kbd.n);
	kbd_clear(l);
}

static void on_kbd_answer(void *ctx, enum err e, struct slice answer)
{
	struct login *l = ctx;

	if (e == ERR_OK) {
		buf_bytes(&l->kbd.text[l->kbd.n], answer);
		e = buf_err(&l->kbd.text[l->kbd.n]);
		l->kbd.n++;
	}
	prompt_free(l->prompt);
	l->prompt = NULL;
	if (e == ERR_OK)
		ask_next_prompt(l);
	else
		ssh_close(l->hop->ssh, 13,
		          e == ERR_NONE
		              ? "the server asks a question, and there is no terminal to ask on"
		              : "the login was given up");
	moved(l);
}

/* "(alice@bastion) " stands before every question of a server, so that none can pretend to be
 * another's. */
static void ask_next_prompt(struct login *l)
{
	const struct ssh_prompts *p = ssh_prompts(l->hop->ssh);
	struct prompt_question q = { .kind = PROMPT_SECRET };
	struct buf intro = BUF_EMPTY, text = BUF_EMPTY;
	size_t i = l->kbd.n;

	if (i >= p->n) {
		send_answers(l);
		return;
	}
	if (i == 0 && p->name.n + p->instruction.n > 0) {
		buf_printf(&intro, "%s: ", l->hop->name);
		buf_bytes(&intro, p->name);
		if (p->name.n > 0 && p->instruction.n > 0)
			buf_u8(&intro, '\n');
		buf_bytes(&intro, p->instruction);
	}
	buf_printf(&text, "(%s@%s) ", l->hop->o->user, l->hop->name);
	buf_bytes(&text, p->prompt[i].text);
	q.kind = p->prompt[i].echo ? PROMPT_TEXT : PROMPT_SECRET;
	q.instruction = buf_slice(&intro);
	q.text = buf_slice(&text);
	l->prompt = prompt_new(l->hop->around->loop, &q, on_kbd_answer, l);
	buf_finish(&intro);
	buf_finish(&text);
	if (l->prompt == NULL)
		ssh_close(l->hop->ssh, 13, "out of memory");
}

void login_event(struct login *l, const struct ssh_event *ev)
{
	switch (ev->kind) {
	case SSH_AUTH: on_auth(l, ev); break;
	case SSH_AUTH_KEY_OK: on_key_ok(l, ev); break;
	case SSH_SIGN:
		identities_sign(l->ids, l->key, ev->name, (struct slice) { ev->data.p, ev->data.n },
		                on_signed, l);
		break;
	case SSH_AUTH_PROMPTS:
		kbd_clear(l);
		l->kbd_asked = true;
		ask_next_prompt(l);
		break;
	case SSH_AUTH_BANNER: on_banner(l, ev); break;
	default: break;
	}
}
