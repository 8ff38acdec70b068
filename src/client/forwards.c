#include "forwards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inbound.h"
#include "inside.h"
#include "listen.h"
#include "outbound.h"
#include "text.h"
#include "wire.h"

struct forward {
	struct forwards *all;
	const struct forward_spec *spec;
	struct listen *listen; /* of those that listen here */
	bool asked;            /* the far end was asked to listen, and has not said no */
	uint16_t port;         /* it listens on, there */
};

struct forwards {
	struct client *c;
	struct forward *v;
	size_t n;
	size_t waiting; /* replies still to come, and one while starting */
	bool failed;
	void (*ready)(struct client *c, bool ok);
};

struct forwards *forwards_new(struct client *c)
{
	struct forwards *f = calloc(1, sizeof *f);

	if (f == NULL)
		return NULL;
	f->c = c;
	f->n = c->setup->forwards_n;
	f->v = calloc(f->n + 1, sizeof *f->v);
	if (f->v == NULL) {
		free(f);
		return NULL;
	}
	for (size_t i = 0; i < f->n; i++) {
		f->v[i].all = f;
		f->v[i].spec = &c->setup->forwards[i];
		f->v[i].port = f->v[i].spec->listen.port;
	}
	return f;
}

void forwards_free(struct forwards *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++)
		listen_free(f->v[i].listen);
	free(f->v);
	free(f);
}

static void failed(const struct forward *w, const char *hop, const char *why)
{
	bool fatal = client_last(w->all->c)->o->exit_on_forward_failure > 0;
	char text[FORWARD_WHY];

	w->all->failed = true;
	say(w->all->c->around.say, fatal ? SAY_ERROR : SAY_WARNING, hop,
	    "the forward %s failed: %s", forward_spec_text(w->spec, text, sizeof text), why);
}

static void settled(struct forwards *f)
{
	if (--f->waiting == 0)
		f->ready(f->c, !f->failed);
}

/* ---- here ---- */

static void on_accepted(void *ctx, int fd, const char *host, uint16_t port)
{
	struct forward *w = ctx;

	outbound_accepted(w->all->c, w->spec, fd, host, port);
}

static void on_notice(void *ctx, const char *text)
{
	struct forward *w = ctx;

	say(w->all->c->around.say, SAY_WARNING, NULL, "%s", text);
}

static void tell_listening(const struct forward *w, const char *host)
{
	char target[400] = "a SOCKS and HTTP proxy";
	enum say_level level = w->spec->listen.kind == FORWARD_TCP && w->spec->listen.port == 0
	                           ? SAY_INFO
	                           : SAY_VERBOSE;

	if (w->spec->kind == FORWARD_LOCAL)
		forward_end_text(&w->spec->target, target, sizeof target);
	if (w->spec->listen.kind == FORWARD_TCP)
		say(w->all->c->around.say, level, NULL, "listening on %s port %u for %s",
		    *host == '\0' ? "*" : host, listen_port(w->listen), target);
	else
		say(w->all->c->around.say, level, NULL, "listening on %s for %s",
		    w->spec->listen.path, target);
}

static void listen_here(struct forward *w)
{
	static const struct listen_events events = { .accepted = on_accepted, .notice = on_notice };
	const struct ssh_options *o = client_last(w->all->c)->o;
	const struct forward_end *at = &w->spec->listen;
	const char *host = forward_spec_listen_host(w->spec, o->gateway_ports > 0);
	struct loop *loop = w->all->c->around.loop;
	struct err_text why = { "" };

	if (at->kind == FORWARD_UNIX)
		w->listen = listen_unix(loop, at->path, (mode_t)o->stream_local_bind_mask,
		                        o->stream_local_bind_unlink > 0, &events, w, &why);
	else
		w->listen = listen_tcp(loop, host, at->port,
		                       o->address_family == FAMILY_INET    ? 2
		                       : o->address_family == FAMILY_INET6 ? 10
		                                                           : 0,
		                       &events, w, &why);
	if (w->listen == NULL) {
		failed(w, NULL, why.text);
		return;
	}
	if (*why.text != '\0')
		say(w->all->c->around.say, SAY_VERBOSE, NULL, "%s", why.text);
	tell_listening(w, host);
}

/* ---- there ---- */

/* RFC 4254 §7.1: "" is every address, "localhost" the loopback ones; OpenSSH takes no address given
 * for the latter. */
static const char *bind_address(const struct forward_end *at)
{
	if (!at->host_given)
		return "localhost";
	return strcmp(at->host, "*") == 0 ? "" : at->host;
}

/*   tcpip-forward: string address to bind, uint32 port number to bind (RFC 4254 §7.1)
 *   streamlocal-forward@openssh.com: string socket path (PROTOCOL §2.4) */
static void listen_there(struct forward *w, size_t ticket)
{
	const struct forward_end *at = &w->spec->listen;
	struct chain *chain = w->all->c->chain;
	struct buf data = BUF_EMPTY;
	enum err e;

	if (at->kind == FORWARD_UNIX) {
		buf_text(&data, at->path);
	} else {
		buf_text(&data, bind_address(at));
		buf_u32(&data, at->port);
	}
	e = buf_err(&data);
	if (e == ERR_OK)
		e = ssh_global(chain_ssh(chain, chain_count(chain) - 1),
		               at->kind == FORWARD_UNIX ? "streamlocal-forward@openssh.com"
		                                        : "tcpip-forward",
		               buf_slice(&data), true, ticket);
	buf_finish(&data);
	if (e != ERR_OK) {
		failed(w, NULL, err_text(e));
		return;
	}
	w->asked = true;
	w->all->waiting++;
}

static void tell_allocated(struct forward *w)
{
	char target[400] = "SOCKS";

	if (w->spec->kind == FORWARD_REMOTE)
		forward_end_text(&w->spec->target, target, sizeof target);
	if (w->spec->kind == FORWARD_REMOTE && w->spec->target.kind == FORWARD_TCP) {
		char host[300];

		text_clean(slice_of(w->spec->target.host), host, sizeof host);
		snprintf(target, sizeof target, "%s:%u", host, w->spec->target.port);
	}
	say(w->all->c->around.say, SAY_INFO, NULL, "Allocated port %u for remote forward to %s",
	    w->port, target);
}

void forwards_reply(struct forwards *f, const struct ssh_event *ev)
{
	struct forward *w = ev->ticket < f->n ? &f->v[ev->ticket] : NULL;
	struct wire in = wire_in((struct slice) { ev->data.p, ev->data.n });
	char text[FORWARD_WHY];
	uint32_t port;

	if (w == NULL || !w->asked)
		return;
	forward_spec_text(w->spec, text, sizeof text);
	if (!ev->ok) {
		w->asked = false;
		failed(w, client_last(f->c)->name, "it refused to listen there");
	} else if (w->spec->listen.kind == FORWARD_TCP && w->spec->listen.port == 0) {
		port = wire_u32(&in);
		if (in.err != ERR_OK || port == 0 || port > UINT16_MAX) {
			w->asked = false;
			failed(w, client_last(f->c)->name, "it did not say which port it chose");
		} else {
			w->port = (uint16_t)port;
			tell_allocated(w);
		}
	} else {
		say(f->c->around.say, SAY_VERBOSE, client_last(f->c)->name, "remote forward %s",
		    text);
	}
	settled(f);
}

void forwards_start(struct forwards *f, void (*ready)(struct client *c, bool ok))
{
	f->ready = ready;
	f->waiting = 1;
	for (size_t i = 0; i < f->n; i++) {
		struct forward *w = &f->v[i];

		switch (w->spec->kind) {
		case FORWARD_LOCAL:
		case FORWARD_DYNAMIC: listen_here(w); break;
		case FORWARD_REMOTE:
		case FORWARD_REMOTE_DYNAMIC: listen_there(w, i); break;
		case FORWARD_STDIO: outbound_stdio(f->c, w->spec); break;
		}
	}
	settled(f);
}

/* ---- which forward a channel of the far end belongs to ---- */

static bool belongs(const struct forward *w, const struct chan_target *t)
{
	const struct forward_end *at = &w->spec->listen;

	if (!w->asked)
		return false;
	if (at->kind == FORWARD_UNIX)
		return t->kind == CHAN_FORWARDED_STREAMLOCAL && slice_is(t->host, at->path);
	return t->kind == CHAN_FORWARDED_TCPIP && t->port == w->port;
}

/* Servers differ in which address they name, so a second forward on the same port is told apart by
 * its address, and otherwise the port is enough. */
static struct forward *find(struct forwards *f, const struct chan_target *t)
{
	struct forward *found = NULL;

	for (size_t i = 0; i < f->n; i++) {
		struct forward *w = &f->v[i];

		if (!belongs(w, t))
			continue;
		if (w->spec->listen.kind == FORWARD_UNIX ||
		    slice_is(t->host, bind_address(&w->spec->listen)))
			return w;
		if (found == NULL)
			found = w;
	}
	return found;
}

void forwards_asked(struct forwards *f, uint32_t chan)
{
	struct chain *chain = f->c->chain;
	struct ssh *ssh = chain_ssh(chain, chain_count(chain) - 1);
	const struct chan_target *t = chan_asked(ssh, chan);
	struct forward *w = t == NULL ? NULL : find(f, t);
	char host[300];

	if (w != NULL) {
		inbound_asked(f->c, w->spec, chan);
		return;
	}
	if (t != NULL)
		say(f->c->around.say, SAY_WARNING, client_last(f->c)->name,
		    "it opened a channel that nobody asked for (%s port %u); refused",
		    text_clean(t->host, host, sizeof host), t->port);
	chan_refuse(ssh, chan, CHAN_PROHIBITED, "nothing is forwarded from there");
}
