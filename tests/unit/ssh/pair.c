#include "pair.h"

#include <stdlib.h>
#include <string.h>

/* splitmix64, so that a seed says everything. */
static enum err fill(void *ctx, uint8_t *p, size_t n)
{
	uint64_t *seed = ctx;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		p[i] = (uint8_t)(z ^ (z >> 31));
	}
	return ERR_OK;
}

static void end_init(struct pair_end *e, enum ssh_role role, uint64_t seed)
{
	ssh_conf_init(&e->conf, role);
	e->seed = seed;
	e->rng = (struct rng){ fill, &e->seed };
}

static void must(enum err e)
{
	if (e != ERR_OK)
		abort();
}

void pair_init(struct pair *p)
{
	*p = (struct pair){ .now = 1000 };
	end_init(&p->client, SSH_CLIENT, 1);
	end_init(&p->server, SSH_SERVER, 2);
	must(keypair_generate(slice_of("ssh-ed25519"), 0, &p->host_key));
	must(keypair_generate(slice_of("ssh-ed25519"), 0, &p->user_key));
	must(keypair_public(p->host_key, &p->host_blob));
	must(keypair_public(p->user_key, &p->user_blob));
	p->host_keys[0] = buf_slice(&p->host_blob);
	p->server.conf.host_keys = p->host_keys;
	p->server.conf.host_keys_n = 1;
	p->client.conf.user = "alice";
}

void pair_start(struct pair *p)
{
	p->client.ssh = ssh_new(&p->client.conf, &p->client.rng, p->now);
	p->server.ssh = ssh_new(&p->server.conf, &p->server.rng, p->now);
}

void pair_finish(struct pair *p)
{
	ssh_free(p->client.ssh);
	ssh_free(p->server.ssh);
	keypair_free(p->host_key);
	keypair_free(p->user_key);
	buf_finish(&p->host_blob);
	buf_finish(&p->user_blob);
}

struct pkt *pair_payload(const struct pair_end *e, struct slice data)
{
	struct pkt *p = pkt_new(ssh_headroom(e->ssh), data.n, ssh_tailroom(e->ssh));

	if (p != NULL && data.n > 0)
		memcpy(pkt_put(p, data.n), data.p, data.n);
	return p;
}

static void sign(struct pair_end *e, const struct keypair *key)
{
	struct buf sig = BUF_EMPTY;
	struct slice data = { e->ev.data.p, e->ev.data.n };

	if (keypair_sign(key, e->ev.name, data, &sig) != ERR_OK)
		buf_clear(&sig);
	ssh_answer_sign(e->ssh, buf_slice(&sig));
	buf_finish(&sig);
}

/* What every test wants answered in the same way. */
static bool answered(struct pair *p, struct pair_end *e)
{
	bool client = e == &p->client;

	switch (e->ev.kind) {
	case SSH_HOST_KEY: ssh_answer_host_key(e->ssh, true); return true;
	case SSH_SIGN: sign(e, client ? p->user_key : p->host_key); return true;
	case SSH_AUTH:
		ssh_auth_publickey(e->ssh, slice_of("ssh-ed25519"), buf_slice(&p->user_blob), true);
		return true;
	case SSH_LOGIN:
		ssh_answer_login(e->ssh,
		                 slice_equal(ssh_login_asked(e->ssh)->blob, buf_slice(&p->user_blob))
		                         ? SSH_LOGIN_GRANTED
		                         : SSH_LOGIN_REFUSED,
		                 "publickey");
		return true;
	case SSH_READY:
		*(client ? &p->ready_client : &p->ready_server) = true;
		return true;
	default: return false;
	}
}

static void drain(struct pair *p, struct pair_end *e, pair_watch *watch, void *ctx)
{
	while (ssh_next(e->ssh, &e->ev))
		if (!answered(p, e) && watch != NULL)
			watch(p, e, &e->ev, ctx);
}

/* Hands one end's packets to the other; false when there were none. */
static bool carry(struct pair *p, struct pair_end *from, struct pair_end *to, pair_watch *watch,
                  void *ctx)
{
	struct pkt *pkt = ssh_tx_pop(from->ssh);

	if (pkt == NULL)
		return false;
	for (size_t at = 0, n; at < pkt->len; at += n) {
		n = p->chop == 0 || pkt->len - at < p->chop ? pkt->len - at : p->chop;
		ssh_rx(to->ssh, pkt->data + at, n, p->now);
		drain(p, to, watch, ctx);
	}
	pkt_free(pkt);
	return true;
}

void pair_run(struct pair *p, pair_watch *watch, void *ctx)
{
	bool moved;

	do {
		drain(p, &p->client, watch, ctx);
		drain(p, &p->server, watch, ctx);
		moved = carry(p, &p->client, &p->server, watch, ctx);
		moved |= carry(p, &p->server, &p->client, watch, ctx);
	} while (moved);
}
