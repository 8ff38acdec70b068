#include "conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dial.h"
#include "inbound.h"
#include "inside.h"
#include "outbound.h"

/* ---- life ---- */

struct conn *conn_new(struct client *c, const struct forward_spec *spec)
{
	struct conn *n = calloc(1, sizeof *n);

	if (n == NULL) {
		say(c->around.say, SAY_ERROR, NULL, "out of memory: a connection was closed");
		return NULL;
	}
	n->client = c;
	n->spec = spec;
	proxy_init(&n->proxy);
	chain_waiter_init(&n->waiter, 0, n);
	list_init(&n->link);
	list_add(&c->conns, &n->link);
	forward_end_text(&spec->target, n->where, sizeof n->where);
	return n;
}

void conn_free(struct conn *n)
{
	struct client *c = n->client;
	bool ends_client = n->stdio && !c->ending;
	int status = n->failed ? 255 : 0;

	list_remove(&n->link);
	chain_waiter_finish(&n->waiter);
	splice_free(n->splice);
	stream_free(n->stream);
	dial_free(n->dial);
	proxy_finish(&n->proxy);
	buf_finish(&n->early);
	free(n);
	if (ends_client)
		client_stop(c, status);
}

struct ssh *conn_ssh(const struct conn *n)
{
	return chain_ssh(n->client->chain, chain_count(n->client->chain) - 1);
}

void conn_give_up(struct conn *n)
{
	if (n->has_chan) {
		chan_set_ctx(conn_ssh(n), n->chan, NULL);
		chan_close(conn_ssh(n), n->chan);
	}
	conn_free(n);
}

void conn_free_all(struct client *c)
{
	c->ending = true;
	list_each (at, after, &c->conns)
		conn_free(list_item(at, struct conn, link));
}

void conn_check(struct conn *n)
{
	if (n->splice != NULL && splice_done(n->splice))
		conn_free(n);
}

void conn_chain_gone(struct client *c)
{
	list_each (at, after, &c->conns) {
		struct conn *n = list_item(at, struct conn, link);

		n->has_chan = false;
		if (n->stage != CONN_JOINED) {
			conn_free(n);
			continue;
		}
		splice_chain_gone(n->splice);
		conn_check(n);
	}
}

/* ---- the stream ---- */

static void on_readable(void *ctx)
{
	struct conn *n = ctx;
	struct client *c = n->client;

	if (n->stage == CONN_PROXY) {
		outbound_readable(n);
	} else if (n->stage == CONN_JOINED) {
		splice_readable(n->splice);
		conn_check(n);
	}
	client_pump(c);
}

static void on_writable(void *ctx)
{
	struct conn *n = ctx;
	struct client *c = n->client;

	if (n->stage == CONN_JOINED) {
		splice_writable(n->splice);
		conn_check(n);
	}
	client_pump(c);
}

bool conn_stream(struct conn *n, int rfd, int wfd)
{
	static const struct stream_events calls = { .readable = on_readable,
		                                    .writable = on_writable };

	n->stream = stream_new(n->client->around.loop, rfd, wfd, &calls, n);
	return n->stream != NULL;
}

static enum err on_read(void *ctx, uint8_t *p, size_t n, size_t *got)
{
	return stream_read(((struct conn *)ctx)->stream, p, n, got);
}

static enum err on_write(void *ctx, const uint8_t *p, size_t n, size_t *put)
{
	return stream_write_bytes(((struct conn *)ctx)->stream, p, n, put);
}

static enum err on_flush(void *ctx, struct pktq *q)
{
	return stream_write(((struct conn *)ctx)->stream, q);
}

static void on_shut(void *ctx)
{
	stream_shut(((struct conn *)ctx)->stream);
}

static void on_want(void *ctx, bool read, bool write)
{
	stream_want(((struct conn *)ctx)->stream, read, write);
}

static void on_close(void *ctx)
{
	struct conn *n = ctx;

	stream_free(n->stream);
	n->stream = NULL;
}

/* ---- joining ---- */

void conn_join(struct conn *n)
{
	static const struct splice_ops ops = { .read = on_read,
		                               .write = on_write,
		                               .flush = on_flush,
		                               .shut = on_shut,
		                               .want = on_want,
		                               .close = on_close };

	chain_waiter_finish(&n->waiter);
	if (n->splice == NULL)
		n->splice = splice_new(n->client->chain, n->chan, n);
	if (n->splice == NULL || buf_err(&n->early) != ERR_OK ||
	    (n->early.n > 0 && splice_early(n->splice, buf_slice(&n->early)) != ERR_OK)) {
		say(n->client->around.say, SAY_ERROR, NULL,
		    "out of memory: a connection was closed");
		conn_give_up(n);
		return;
	}
	buf_finish(&n->early);
	n->stage = CONN_JOINED;
	splice_start(n->splice, &ops, n);
	conn_check(n);
}

void conn_event(struct conn *n, const struct ssh_event *ev)
{
	if (ev->kind == SSH_CHAN_CLOSED || ev->kind == SSH_CHAN_REFUSED)
		n->has_chan = false;
	if (n->stage == CONN_JOINED) {
		splice_event(n->splice, ev);
		conn_check(n);
	} else if (n->inbound) {
		inbound_event(n, ev);
	} else {
		outbound_event(n, ev);
	}
}
