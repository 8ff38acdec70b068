#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "fingerprint.h"
#include "login.h"
#include "text.h"
#include "trust.h"
#include "version.h"

#define SECOND UINT64_C(1000000000)

static void name_it(struct host *h)
{
	const char *typed = h->o->host_arg != NULL ? h->o->host_arg : h->o->host;
	char host[256];

	text_clean(slice_of(typed), h->name, sizeof h->name);
	text_clean(slice_of(h->o->host), host, sizeof host);
	snprintf(h->address, sizeof h->address, "%s port %d", host, h->o->port);
}

static enum err plain_key(struct slice certificate, struct buf *plain)
{
	struct certificate c;
	enum err e = certificate_read(&c, certificate);

	if (e == ERR_OK) {
		buf_bytes(plain, buf_slice(&c.key));
		e = buf_err(plain);
	}
	certificate_finish(&c);
	return e;
}

static void configure(struct host *h)
{
	const struct ssh_options *o = h->o;
	struct ssh_conf *c = &h->conf;

	ssh_conf_init(c, SSH_CLIENT);
	c->software = version_software;
	c->plain_key = plain_key;
	c->user = o->user;
	if (o->kex_algorithms != NULL)
		c->kex = o->kex_algorithms;
	if (o->ciphers != NULL)
		c->ciphers = o->ciphers;
	if (o->macs != NULL)
		c->macs = o->macs;
	if (o->rekey_limit > 0)
		c->rekey_bytes = (uint64_t)o->rekey_limit;
	if (o->rekey_interval_s > 0)
		c->rekey_time = (uint64_t)o->rekey_interval_s * SECOND;
	if (o->connect_timeout_s > 0)
		c->kex_timeout = (uint64_t)o->connect_timeout_s * SECOND;
	if (o->server_alive_interval_s > 0)
		c->alive_time = (uint64_t)o->server_alive_interval_s * SECOND;
	c->alive_max = (unsigned)(o->server_alive_count_max < 0 ? 0 : o->server_alive_count_max);
}

enum err host_init(struct host *h, const struct surroundings *around, const struct ssh_options *o,
                   unsigned number, const char *via)
{
	*h = (struct host) { .around = around, .o = o, .number = number, .via = via };
	name_it(h);
	configure(h);
	tokens_init(&h->tokens, around->env,
	            &(struct token_source) { .host = o->host,
	                                     .original = o->host_arg,
	                                     .user = o->user,
	                                     .alias = o->host_key_alias,
	                                     .jump = o->jump_host == NULL ? "" : o->jump_host,
	                                     .port = o->port });
	h->trust = trust_new(h);
	h->login = login_new(h);
	if (h->trust == NULL || h->login == NULL)
		return ERR_NOMEM;
	h->host_key_algs = trust_algorithms(h->trust);
	if (h->host_key_algs == NULL)
		return ERR_NOMEM;
	h->conf.host_key_algs = h->host_key_algs;
	return ERR_OK;
}

void host_finish(struct host *h)
{
	trust_free(h->trust);
	login_free(h->login);
	free(h->host_key_algs);
	*h = (struct host) { 0 };
}

void host_tell(const struct host *h, const char *method)
{
	char print[FINGERPRINT_MAX] = "?", user[128], algs[256];
	struct fingerprint f;
	struct ssh_info info;
	const char *mac;

	ssh_info(h->ssh, &info);
	if (fingerprint_of(&f, HASH_SHA256, info.host_key) == ERR_OK)
		fingerprint_text(&f, print);
	mac = info.mac_tx;
	snprintf(algs, sizeof algs, "%s, %s%s%s", info.kex, info.cipher_tx,
	         *mac == '\0' ? "" : ", ", mac);
	text_clean(slice_of(h->o->user), user, sizeof user);
	say(h->around->say, SAY_VERBOSE, h->name,
	    "hop %u: %s%s%s, %s, %s, %s %s, user %s, %s, %llu ms", h->number + 1, h->address,
	    h->via == NULL ? "" : " through ", h->via == NULL ? "" : h->via, info.peer, algs,
	    info.host_key_alg, print, user, method,
	    (unsigned long long)((h->ready - h->began) / 1000000));
}
