#include "client.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conn.h"
#include "daemon.h"
#include "dial.h"
#include "forwards.h"
#include "inside.h"
#include "login.h"
#include "loop.h"
#include "process.h"
#include "rng_system.h"
#include "sigwatch.h"
#include "stream.h"
#include "text.h"
#include "timer.h"
#include "trust.h"

enum {
	RX_BUF = 256 * 1024,  /* bytes read from the socket at a time */
	OUT_MAX = 128 * 1024, /* bytes of sealed packets taken out of the chain ahead of writing */
};

#define LINGER UINT64_C(3000000000) /* ns that the last bytes may take to leave */

static const int watched[] = { SIGINT, SIGTERM, SIGHUP };

struct host *client_last(struct client *c)
{
	return &c->hops[c->hops_n - 1];
}

/* ---- the end ---- */

static void finish(struct client *c)
{
	loop_stop(c->around.loop);
}

static void on_linger(void *ctx)
{
	finish(ctx);
}

static void fail(struct client *c, const char *hop, const char *text)
{
	say(c->around.say, SAY_ERROR, hop, "%s", text);
	c->end.status = 255;
	c->ending = true;
	finish(c);
}

void client_stop(struct client *c, int status)
{
	if (c->ending)
		return;
	c->ending = true;
	c->end.status = status;
	if (c->sock == NULL) {
		finish(c);
		return;
	}
	chain_close(c->chain, 11, "disconnected by user");
	timer_at(c->linger, loop_now(c->around.loop) + LINGER);
	client_pump(c);
}

static void on_signal(void *ctx, int signum)
{
	struct client *c = ctx;

	if (c->end.signum != 0) { /* the second time: at once */
		finish(c);
		return;
	}
	c->end.signum = signum;
	say(c->around.say, SAY_VERBOSE, NULL, "ended by signal %d (%s)", signum, strsignal(signum));
	client_stop(c, 255);
}

/* The chain is dead, and why has to be told, unless it was our doing. */
static void on_dead(struct client *c)
{
	struct chain_error e = chain_error(c->chain);
	const char *hop = chain_name(c->chain, e.hop);

	if (!c->ending) {
		c->end.status = 255;
		if (e.said_by < c->hops_n && e.said_by != e.hop)
			say(c->around.say, SAY_ERROR, hop, "%s said: %s",
			    chain_name(c->chain, e.said_by), e.text);
		else
			say(c->around.say, SAY_ERROR, hop, "%s", e.text);
		c->ending = true;
		timer_at(c->linger, loop_now(c->around.loop) + LINGER);
	}
	conn_chain_gone(c);
}

/* ---- events ---- */

static void on_ready_forwards(struct client *c, bool ok)
{
	const struct ssh_options *o = client_last(c)->o;
	struct err_text why;

	if (!ok && o->exit_on_forward_failure > 0) {
		client_stop(c, 255);
		return;
	}
	if (c->setup->daemon != NULL &&
	    daemon_ready(c->setup->daemon, c->setup->keep_stderr, &why) != ERR_OK) {
		say(c->around.say, SAY_ERROR, NULL, "%s", why.text);
		client_stop(c, 255);
		return;
	}
	say(c->around.say, SAY_VERBOSE, NULL, "ready");
}

static void on_ready(struct client *c, struct host *h)
{
	h->ready = loop_now(c->around.loop);
	host_tell(h, login_method(h->login));
	if (h == client_last(c))
		forwards_start(c->forwards, on_ready_forwards);
	else
		c->hops[h->number + 1].began = h->ready;
}

static void on_trusted(void *ctx, bool trusted, const char *why)
{
	struct host *h = ctx;

	if (trusted)
		ssh_answer_host_key(h->ssh, true);
	else
		ssh_close(h->ssh, 9, why);
}

static void on_channel(struct client *c, struct host *h, struct ssh_event *ev)
{
	if (ev->kind == SSH_CHAN_ASKED) {
		if (h == client_last(c))
			forwards_asked(c->forwards, ev->chan);
		else
			chan_refuse(h->ssh, ev->chan, CHAN_PROHIBITED, "this is only a jump host");
	} else if (ev->chan_ctx != NULL) {
		conn_event(ev->chan_ctx, ev);
	} else if (ev->kind == SSH_CHAN_DATA) {
		chan_consumed(h->ssh, ev->chan, ev->data.n);
	}
}

static void on_event(struct client *c, unsigned number, struct ssh_event *ev)
{
	struct host *h = &c->hops[number];

	h->ssh = chain_ssh(c->chain, number);
	switch (ev->kind) {
	case SSH_DEAD: on_dead(c); return;
	case SSH_HOST_KEY:
		trust_check(h->trust, (struct slice) { ev->data.p, ev->data.n }, on_trusted, h);
		return;
	case SSH_READY: on_ready(c, h); return;
	case SSH_GLOBAL_ASKED:
		if (ev->ok)
			ssh_answer_global(h->ssh, ev->ticket, false, (struct slice) { NULL, 0 });
		return;
	case SSH_GLOBAL_REPLY: forwards_reply(c->forwards, ev); return;
	case SSH_REKEYED: say(c->around.say, SAY_DEBUG, h->name, "keys were changed"); return;
	case SSH_CHAN_ASKED:
	case SSH_CHAN_OPENED:
	case SSH_CHAN_REFUSED:
	case SSH_CHAN_DATA:
	case SSH_CHAN_ROOM:
	case SSH_CHAN_EOF:
	case SSH_CHAN_CLOSED: on_channel(c, h, ev); return;
	case SSH_CHAN_REQUEST:
		if (ev->ok)
			chan_answer(h->ssh, ev->chan, false);
		return;
	default: login_event(h->login, ev); return;
	}
}

/* ---- bytes ---- */

/* Writes what is sealed; true when room was made. */
static bool send_out(struct client *c)
{
	bool took = false;
	struct pkt *p;
	enum err e;

	for (;;) {
		while (c->out.held < OUT_MAX && (p = chain_tx_pop(c->chain)) != NULL) {
			pktq_push(&c->out, p);
			took = true;
		}
		if (c->out.count == 0 || c->sock == NULL)
			return took;
		e = stream_write(c->sock, &c->out);
		if (e == ERR_MORE)
			return took;
		if (e != ERR_OK) { /* the reading side says what happened to the connection */
			pktq_free(&c->out);
			stream_shut(c->sock);
			return took;
		}
	}
}

static void take_events(struct client *c)
{
	struct ssh_event ev;
	unsigned hop;

	while (chain_next(c->chain, &hop, &ev))
		on_event(c, hop, &ev);
}

static bool all_said(struct client *c)
{
	return c->ending && chain_error(c->chain).text[0] != '\0' && c->out.count == 0 &&
	       list_empty(&c->conns);
}

void client_pump(struct client *c)
{
	if (c->in_pump) { /* from inside an event: once more when that is done */
		c->pump_again = true;
		return;
	}
	c->in_pump = true;
	do {
		c->pump_again = false;
		take_events(c);
		if (send_out(c))
			c->pump_again = true;
	} while (c->pump_again);
	c->in_pump = false;
	if (all_said(c)) {
		finish(c);
		return;
	}
	if (c->sock != NULL)
		stream_want(c->sock, !chain_rx_full(c->chain), c->out.count > 0);
	timer_at(c->timer, chain_deadline(c->chain));
}

static void on_readable(void *ctx)
{
	struct client *c = ctx;
	size_t got = 0;
	enum err e = stream_read(c->sock, c->rx_buf, RX_BUF, &got);

	if (e == ERR_MORE)
		return;
	if (e != ERR_OK)
		say(c->around.say, SAY_VERBOSE, c->hops[0].name, "the connection broke: %s",
		    strerror(stream_errno(c->sock)));
	if (e == ERR_OK && got > 0)
		chain_rx(c->chain, c->rx_buf, got, loop_now(c->around.loop));
	else
		chain_rx_eof(c->chain, loop_now(c->around.loop));
	client_pump(c);
}

static void on_writable(void *ctx)
{
	client_pump(ctx);
}

static void on_timer(void *ctx)
{
	struct client *c = ctx;

	chain_tick(c->chain, loop_now(c->around.loop));
	client_pump(c);
}

/* ---- the beginning ---- */

static void begin(struct client *c, int fd)
{
	static const struct stream_events events = { .readable = on_readable,
		                                     .writable = on_writable };

	c->sock = stream_new(c->around.loop, fd, fd, &events, c);
	if (c->sock == NULL || chain_start(c->chain, loop_now(c->around.loop)) != ERR_OK) {
		fail(c, NULL, "out of memory");
		return;
	}
	stream_quickack(c->sock, true);
	client_pump(c);
}

static void on_dialed(void *ctx, int fd, const char *address, const char *why)
{
	struct client *c = ctx;
	struct host *h = &c->hops[0];

	if (fd < 0) {
		fail(c, h->name, why);
		return;
	}
	if (*address != '\0')
		snprintf(h->address, sizeof h->address, "%s port %d", address, h->o->port);
	begin(c, fd);
}

static void dial_first(struct client *c)
{
	const struct ssh_options *o = c->hops[0].o;
	struct dial_options d = { .tos = -1,
		                  .bind_address = o->bind_address,
		                  .bind_interface = o->bind_interface,
		                  .attempts = (unsigned)o->connection_attempts,
		                  .keepalive = o->tcp_keep_alive > 0,
		                  .service = "sshd" };

	d.family = o->address_family == FAMILY_INET    ? 2
	           : o->address_family == FAMILY_INET6 ? 10
	                                               : 0;
	if (o->connect_timeout_s > 0)
		d.timeout = (uint64_t)o->connect_timeout_s * UINT64_C(1000000000);
	c->dial = dial_tcp(c->around.loop, o->host, (uint16_t)o->port, &d, on_dialed, c);
	if (c->dial == NULL)
		fail(c, c->hops[0].name, "out of memory");
}

/* ProxyCommand: its standard input and output are the connection. */
static void run_proxy(struct client *c)
{
	struct host *h = &c->hops[0];
	char why[TOKEN_WHY_MAX], *command = NULL;
	struct process_shell shell = { 0 };
	struct err_text text = { "" };
	int fd;

	if (token_expand(&h->tokens, c->around.env, h->o->proxy_command, TOKENS_PROXY, TOKEN_SHELL,
	                 &command, why) != ERR_OK) {
		fail(c, h->name, why);
		return;
	}
	if (process_shell_init(&shell, command) != ERR_OK ||
	    process_start_socket(c->around.loop, &(struct process_command) { .argv = shell.argv },
	                         NULL, NULL, &fd, &c->proxy, &text) != ERR_OK)
		fail(c, h->name, *text.text == '\0' ? "out of memory" : text.text);
	else
		begin(c, fd);
	snprintf(h->address, sizeof h->address, "ProxyCommand");
	process_shell_finish(&shell);
	free(command);
}

static void on_progress(void *ctx)
{
	client_pump(ctx);
}

static enum err add_hops(struct client *c)
{
	const struct route *r = c->setup->route;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < r->n; i++) {
		struct host *h = &c->hops[i];

		c->hops_n = (unsigned)i + 1;
		e = host_init(h, &c->around, &r->hop[i], (unsigned)i,
		              i == 0 ? NULL : c->hops[i - 1].name);
		if (e == ERR_OK)
			e = chain_add(c->chain,
			              &(struct chain_hop) { .conf = &h->conf,
			                                    .rng = c->around.rng,
			                                    .name = h->name,
			                                    .host = h->o->host,
			                                    .port = (uint16_t)h->o->port });
		if (e == ERR_OK)
			login_on_progress(h->login, on_progress, c);
	}
	return e;
}

static enum err client_init(struct client *c, const struct client_setup *setup, struct rng *rng)
{
	c->setup = setup;
	list_init(&c->conns);
	*rng = rng_system();
	c->around = (struct surroundings) {
		.loop = loop_new(), .say = setup->say, .rng = rng, .env = setup->env
	};
	c->chain = chain_new();
	c->rx_buf = malloc(RX_BUF);
	if (c->around.loop == NULL || c->chain == NULL || c->rx_buf == NULL)
		return ERR_NOMEM;
	c->timer = timer_new(c->around.loop, on_timer, c);
	c->linger = timer_new(c->around.loop, on_linger, c);
	if (c->timer == NULL || c->linger == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		if ((c->signals[i] = sigwatch_new(c->around.loop, watched[i], on_signal, c)) ==
		    NULL)
			return ERR_NOMEM;
	c->forwards = forwards_new(c);
	return c->forwards == NULL ? ERR_NOMEM : add_hops(c);
}

static void client_finish(struct client *c)
{
	conn_free_all(c);
	forwards_free(c->forwards);
	dial_free(c->dial);
	process_free(c->proxy);
	for (unsigned i = 0; i < c->hops_n; i++)
		host_finish(&c->hops[i]);
	chain_free(c->chain);
	pktq_free(&c->out);
	stream_free(c->sock);
	timer_free(c->timer);
	timer_free(c->linger);
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		sigwatch_free(c->signals[i]);
	if (c->rx_buf != NULL)
		wipe(c->rx_buf, RX_BUF);
	free(c->rx_buf);
	loop_free(c->around.loop);
}

struct client_end client_run(const struct client_setup *setup)
{
	struct client *c = calloc(1, sizeof *c);
	struct client_end end = { .status = 255 };
	struct rng rng;

	if (c == NULL || client_init(c, setup, &rng) != ERR_OK) {
		say(setup->say, SAY_ERROR, NULL, "out of memory or of file descriptors");
	} else {
		c->hops[0].began = loop_now(c->around.loop);
		for (unsigned i = 0; i < c->hops_n; i++)
			login_prepare(c->hops[i].login);
		if (c->hops[0].o->proxy_command != NULL)
			run_proxy(c);
		else
			dial_first(c);
		if (!c->ending)
			loop_run(c->around.loop);
		end = c->end;
	}
	if (c != NULL)
		client_finish(c);
	free(c);
	return end;
}
