#include "route.h"

#include <stdlib.h>
#include <string.h>

#include "proxy_option.h"
#include "token.h"

void route_finish(struct route *r)
{
	for (size_t i = 0; i < r->n; i++)
		ssh_options_finish(&r->hop[i]);
	r->n = 0;
}

static void start_tokens(const struct ssh_options *o, const struct config_env *env,
                         struct tokens *t)
{
	const struct token_source from = {
		.host = o->host,
		.original = o->host_arg,
		.user = o->user,
		.alias = o->host_key_alias == NULL ? o->host_arg : o->host_key_alias,
		.jump = o->jump_host,
		.port = o->port,
	};

	tokens_init(t, env, &from);
}

/* A jump host, in which the tokens of the host behind it have been replaced. */
struct jump {
	char *host, *user, *extra;
};

static void jump_finish(struct jump *j)
{
	free(j->host);
	free(j->user);
	free(j->extra);
}

static enum err expand(const struct tokens *t, const struct config_env *env, const char *text,
                       char **out, struct config_errors *errs)
{
	char why[TOKEN_WHY_MAX];
	enum err r;

	if (text == NULL)
		return ERR_OK;
	r = token_expand(t, env, text, TOKENS_PROXY, 0, out, why);
	if (r != ERR_PROTO && r != ERR_LIMIT)
		return r;
	config_error_add(errs, NULL, 0, "ProxyJump \"%s\": %s", text, why);
	return ERR_PROTO;
}

static enum err expand_jump(const struct ssh_options *behind, const struct config_env *env,
                            struct jump *j, struct config_errors *errs)
{
	struct tokens t;
	enum err r;

	start_tokens(behind, env, &t);
	r = expand(&t, env, behind->jump_host, &j->host, errs);
	if (r == ERR_OK)
		r = expand(&t, env, behind->jump_user, &j->user, errs);
	if (r == ERR_OK)
		r = expand(&t, env, behind->jump_extra, &j->extra, errs);
	return r;
}

/* What a command line for the jump host would set: user, port, the jump hosts before it. */
static enum err set_up(struct ssh_options *o, struct jump *j, int port, struct config_errors *errs)
{
	struct slice bad;
	enum err r = ERR_OK;

	o->user = j->user;
	j->user = NULL;
	if (port > 0)
		o->port = port;
	o->stdio_forward = true;
	o->session_type = SESSION_NONE;
	if (j->extra != NULL)
		r = proxy_option_jump_set(o, j->extra, true, &bad);
	if (r == ERR_PROTO)
		config_error_add(errs, NULL, 0, "ProxyJump names a host that is none, \"%.*s\"",
		                 (int)bad.n, (const char *)bad.p);
	return r;
}

/* Adds the jump host in front of the hop that was found last. */
static enum err add_jump(struct route *r, const struct config_env *env, const char *config_file,
                         struct config_errors *errs)
{
	const struct ssh_options *behind = &r->hop[r->n - 1];
	struct ssh_options *o = &r->hop[r->n];
	struct jump j = { NULL, NULL, NULL };
	struct ssh_query q = { .config_file = config_file };
	enum err e = expand_jump(behind, env, &j, errs);

	if (e == ERR_OK) {
		ssh_options_init(o);
		r->n++;
		e = set_up(o, &j, behind->jump_port, errs);
		q.host = j.host;
	}
	if (e == ERR_OK)
		e = ssh_config_load(o, env, &q, errs);
	jump_finish(&j);
	return e;
}

/* The same name or address may rightly stand twice on a way (10.0.0.1 behind two gateways, say), so
 * only a way that does not end is refused; and then it is told which host leads back to itself. */
static enum err too_long(const struct route *r, struct config_errors *errs)
{
	const struct ssh_options *last = &r->hop[r->n - 1];

	for (size_t i = 0; i + 1 < r->n; i++) {
		if (strcmp(r->hop[i].host_arg, last->host_arg) != 0)
			continue;
		config_error_add(
		    errs, NULL, 0,
		    "the way to %s goes through %s again and again; set \"ProxyJump none\" "
		    "for it in the configuration",
		    r->hop[0].host_arg, last->host_arg);
		return ERR_PROTO;
	}
	config_error_add(errs, NULL, 0, "the way to %s has more than %d jump hosts",
	                 r->hop[0].host_arg, ROUTE_MAX - 1);
	return ERR_LIMIT;
}

/* Hops are found from the destination outwards, and dialled the other way round. */
static void reverse(struct route *r)
{
	for (size_t i = 0; i < r->n / 2; i++) {
		struct ssh_options o = r->hop[i];

		r->hop[i] = r->hop[r->n - 1 - i];
		r->hop[r->n - 1 - i] = o;
	}
}

enum err route_plan(struct route *r, const struct config_env *env, struct ssh_options *o,
                    const struct ssh_query *q, struct config_errors *errs)
{
	enum err e;

	r->hop[0] = *o;
	r->n = 1;
	ssh_options_init(o);
	e = ssh_config_load(&r->hop[0], env, q, errs);
	while (e == ERR_OK && r->hop[r->n - 1].jump_host != NULL) {
		if (r->n == ROUTE_MAX)
			return too_long(r, errs);
		e = add_jump(r, env, q->config_file, errs);
	}
	if (e == ERR_OK)
		reverse(r);
	return e;
}
