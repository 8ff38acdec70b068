#include "inbound.h"

#include <stdio.h>
#include <string.h>

#include "conn.h"
#include "dial.h"
#include "inside.h"
#include "permit.h"
#include "text.h"

/* ---- small answers into the channel, before there is a splice ---- */

static void flush_early(struct conn *n)
{
	struct chain *chain = n->client->chain;
	size_t room = chain_room(chain, &n->waiter);
	struct pkt *p;

	if (n->early.n == 0 || room == 0)
		return; /* SSH_CHAN_ROOM tells when to go on */
	if (room > n->early.n)
		room = n->early.n;
	p = pkt_new(chain_headroom(chain), room, chain_tailroom(chain));
	if (p == NULL) {
		conn_give_up(n);
		return;
	}
	memcpy(pkt_put(p, room), n->early.p, room);
	buf_drop(&n->early, room);
	chain_send(chain, n->chan, p);
}

static void say_proxy_out(struct conn *n)
{
	buf_bytes(&n->early, proxy_out(&n->proxy));
	proxy_out_clear(&n->proxy);
}

/* Sends the last words, then closes. */
static void end_with(struct conn *n)
{
	n->stage = CONN_ENDING;
	flush_early(n);
	if (n->early.n == 0)
		conn_give_up(n);
}

/* ---- dialling ---- */

static void refuse(struct conn *n, const char *why)
{
	say(n->client->around.say, SAY_WARNING, NULL, "a connection from %s to %s was refused: %s",
	    client_last(n->client)->name, n->where, why);
	if (n->by_proxy) {
		proxy_refused(&n->proxy, CHAN_CONNECT_FAILED, slice_of(why));
		say_proxy_out(n);
		end_with(n);
		return;
	}
	chan_refuse(conn_ssh(n), n->chan, CHAN_CONNECT_FAILED, why);
	conn_free(n);
}

static void dialed(struct conn *n, int fd, const char *why)
{
	if (fd < 0 || !conn_stream(n, fd, fd)) {
		refuse(n, fd < 0 ? why : "out of memory");
		return;
	}
	if (n->by_proxy) {
		proxy_granted(&n->proxy);
		say_proxy_out(n);
	} else {
		chan_accept(conn_ssh(n), n->chan);
		chan_set_ctx(conn_ssh(n), n->chan, n);
		n->has_chan = true;
	}
	conn_join(n);
}

static void on_dialed(void *ctx, int fd, const char *address, const char *why)
{
	struct conn *n = ctx;
	struct client *c = n->client;

	(void)address;
	dialed(n, fd, why);
	client_pump(c);
}

static void dial_to(struct conn *n, const struct forward_end *to)
{
	struct loop *loop = n->client->around.loop;
	struct dial_options options = { .tos = -1 };

	n->stage = CONN_DIALING;
	if (to->kind == FORWARD_UNIX)
		n->dial = dial_unix(loop, to->path, on_dialed, n);
	else
		n->dial = dial_tcp(loop, to->host, to->port, &options, on_dialed, n);
	if (n->dial == NULL)
		refuse(n, "out of memory");
}

void inbound_asked(struct client *c, const struct forward_spec *spec, uint32_t chan)
{
	struct ssh *ssh = chain_ssh(c->chain, chain_count(c->chain) - 1);
	struct conn *n = conn_new(c, spec);

	if (n == NULL) {
		chan_refuse(ssh, chan, CHAN_SHORTAGE, "out of memory");
		return;
	}
	n->inbound = true;
	n->chan = chan;
	chain_waiter_init(&n->waiter, chan, n);
	if (spec->kind == FORWARD_REMOTE) {
		chan_set_ctx(ssh, chan, n);
		dial_to(n, &spec->target);
		return;
	}
	n->by_proxy = true;
	n->stage = CONN_PROXY;
	chan_accept(ssh, chan);
	chan_set_ctx(ssh, chan, n);
	n->has_chan = true;
	n->splice = splice_new(c->chain, chan, n);
	if (n->splice == NULL)
		conn_give_up(n);
}

/* ---- a bare -R port: the far end's client says where to, in channel data ---- */

static void proxy_asked(struct conn *n)
{
	struct forward_end to = { .kind = FORWARD_TCP, .host_given = true, .port = n->proxy.port };
	const struct words *permit = &client_last(n->client)->o->permit_remote_open;
	char host[300];

	snprintf(n->where, sizeof n->where, "%s port %u",
	         text_clean(slice_of(n->proxy.host), host, sizeof host), n->proxy.port);
	snprintf(to.host, sizeof to.host, "%s", n->proxy.host);
	if (permit_allows(permit, n->proxy.host, n->proxy.port))
		dial_to(n, &to);
	else
		refuse(n, "PermitRemoteOpen does not allow it");
}

static void proxy_data(struct conn *n, const struct ssh_event *ev)
{
	struct ssh_event rest = *ev;
	size_t used = 0;
	enum err e = proxy_feed(&n->proxy, (struct slice) { ev->data.p, ev->data.n }, &used);

	chan_consumed(conn_ssh(n), n->chan, used);
	say_proxy_out(n);
	if (e == ERR_MORE) {
		flush_early(n);
		return;
	}
	if (e != ERR_OK) {
		chan_consumed(conn_ssh(n), n->chan, ev->data.n - used);
		end_with(n);
		return;
	}
	rest.data.p += used;
	rest.data.n -= used;
	if (rest.data.n > 0) /* belongs to the tunnel: kept until the stream is there */
		splice_event(n->splice, &rest);
	flush_early(n);
	proxy_asked(n);
}

void inbound_event(struct conn *n, const struct ssh_event *ev)
{
	switch (ev->kind) {
	case SSH_CHAN_DATA:
		if (n->stage == CONN_PROXY)
			proxy_data(n, ev);
		else if (n->stage == CONN_DIALING && n->splice != NULL)
			splice_event(n->splice, ev);
		else
			chan_consumed(conn_ssh(n), n->chan, ev->data.n);
		return;
	case SSH_CHAN_ROOM:
		if (n->stage == CONN_ENDING)
			end_with(n);
		else if (n->stage == CONN_PROXY)
			flush_early(n);
		return;
	case SSH_CHAN_EOF:
		if (n->stage == CONN_PROXY)
			conn_give_up(n);
		else if (n->splice != NULL)
			splice_event(n->splice, ev);
		return;
	case SSH_CHAN_CLOSED: conn_free(n); return;
	default: return;
	}
}
