#include "outbound.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conn.h"
#include "inside.h"
#include "text.h"

enum { PROXY_READ = 1024, NOWHERE_PORT = 65535 };

static bool send_proxy_out(struct conn *n)
{
	struct slice out = proxy_out(&n->proxy);
	size_t put;
	bool ok = out.n == 0 || stream_write_bytes(n->stream, out.p, out.n, &put) == ERR_OK;

	proxy_out_clear(&n->proxy);
	return ok;
}

static bool open_channel(struct conn *n, const struct chan_target *to)
{
	enum err e = chan_open(conn_ssh(n), to, &n->chan);

	if (e != ERR_OK) {
		say(n->client->around.say, SAY_WARNING, client_last(n->client)->name,
		    "no channel for a connection to %s: %s", n->where, err_text(e));
		return false;
	}
	n->has_chan = true;
	n->stage = CONN_OPENING;
	chan_set_ctx(conn_ssh(n), n->chan, n);
	return true;
}

/* Who asks, as the server is told (RFC 4254 §7.2); for what has no address, as OpenSSH has it. */
static struct chan_target target_of(const struct conn *n, const char *host, uint16_t port)
{
	bool nowhere = *n->from == '\0';

	return (struct chan_target) { .kind = CHAN_DIRECT_TCPIP,
		                      .host = slice_of(host),
		                      .port = port,
		                      .from_host = slice_of(nowhere ? "127.0.0.1" : n->from),
		                      .from_port = nowhere ? NOWHERE_PORT : n->from_port };
}

static bool open_spec(struct conn *n)
{
	const struct forward_end *to = &n->spec->target;
	struct chan_target t;

	if (to->kind == FORWARD_UNIX)
		t = (struct chan_target) { .kind = CHAN_DIRECT_STREAMLOCAL,
			                   .host = slice_of(to->path),
			                   .from_host = slice_of("") };
	else
		t = target_of(n, to->host, to->port);
	return open_channel(n, &t);
}

void outbound_accepted(struct client *c, const struct forward_spec *spec, int fd, const char *host,
                       uint16_t port)
{
	struct conn *n = conn_new(c, spec);

	if (n == NULL) {
		close(fd);
		return;
	}
	snprintf(n->from, sizeof n->from, "%s", host);
	n->from_port = port;
	if (!conn_stream(n, fd, fd)) {
		say(c->around.say, SAY_ERROR, NULL, "out of memory: a connection was closed");
		conn_free(n);
		return;
	}
	if (spec->kind == FORWARD_DYNAMIC) {
		n->by_proxy = true;
		n->stage = CONN_PROXY;
		stream_want(n->stream, true, false);
	} else if (!open_spec(n)) {
		conn_free(n);
	}
	client_pump(c);
}

void outbound_stdio(struct client *c, const struct forward_spec *spec)
{
	struct conn *n = conn_new(c, spec);

	if (n == NULL) {
		client_stop(c, 255);
		return;
	}
	n->stdio = true;
	n->failed = true; /* until the channel is open */
	if (!conn_stream(n, STDIN_FILENO, STDOUT_FILENO))
		say(c->around.say, SAY_ERROR, NULL,
		    "-W needs standard input and output, and they cannot be used");
	else if (open_spec(n))
		return;
	conn_free(n);
}

/* ---- a proxy's client says where to ---- */

static void proxy_refuse(struct conn *n)
{
	say(n->client->around.say, SAY_VERBOSE, NULL,
	    "a proxy client from %s port %u was refused: %s", n->from, n->from_port,
	    n->proxy.why == NULL ? "out of memory" : n->proxy.why);
	if (send_proxy_out(n))
		stream_shut(n->stream);
	conn_free(n);
}

static void proxy_asked(struct conn *n)
{
	struct chan_target t = target_of(n, n->proxy.host, n->proxy.port);
	char host[300];

	snprintf(n->where, sizeof n->where, "%s port %u",
	         text_clean(slice_of(n->proxy.host), host, sizeof host), n->proxy.port);
	stream_want(n->stream, false, false);
	if (open_channel(n, &t))
		return;
	proxy_refused(&n->proxy, CHAN_SHORTAGE, slice_of("no channel"));
	proxy_refuse(n);
}

void outbound_readable(struct conn *n)
{
	uint8_t in[PROXY_READ];
	size_t got, used;
	enum err e = stream_read(n->stream, in, sizeof in, &got);

	if (e == ERR_MORE)
		return;
	if (e != ERR_OK || got == 0) {
		conn_free(n);
		return;
	}
	e = proxy_feed(&n->proxy, (struct slice) { in, got }, &used);
	if (e != ERR_OK && e != ERR_MORE) {
		proxy_refuse(n);
		return;
	}
	if (!send_proxy_out(n)) {
		conn_free(n);
		return;
	}
	if (e == ERR_OK) {
		buf_bytes(&n->early, (struct slice) { in + used, got - used });
		proxy_asked(n);
	}
}

/* ---- the channel's fate ---- */

static void refused(struct conn *n, const struct ssh_event *ev)
{
	struct slice words = { ev->data.p, ev->data.n };
	struct host *last = client_last(n->client);
	char text[300];

	text_clean(words, text, sizeof text);
	say(n->client->around.say, n->stdio ? SAY_ERROR : SAY_INFO, last->name,
	    "it refused to connect to %s: %s", n->where,
	    *text != '\0'                 ? text
	    : ev->code == CHAN_PROHIBITED ? "not allowed there"
	                                  : "no reason given");
	if (n->by_proxy) {
		proxy_refused(&n->proxy, ev->code, words);
		if (send_proxy_out(n))
			stream_shut(n->stream);
	}
	conn_free(n);
}

void outbound_event(struct conn *n, const struct ssh_event *ev)
{
	switch (ev->kind) {
	case SSH_CHAN_OPENED:
		n->failed = false;
		if (n->by_proxy) {
			proxy_granted(&n->proxy);
			if (!send_proxy_out(n)) {
				conn_give_up(n);
				return;
			}
		}
		conn_join(n);
		return;
	case SSH_CHAN_REFUSED: refused(n, ev); return;
	case SSH_CHAN_CLOSED: conn_free(n); return;
	default: return;
	}
}
