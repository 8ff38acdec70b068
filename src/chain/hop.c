#include "hop.h"

#include <stdlib.h>
#include <string.h>

enum { CUT_LEAST = 1024 }; /* a packet that has to be cut anyway may be so long */

enum err hop_init(struct hop *h, const struct chain_hop *from)
{
	memset(h, 0, sizeof *h);
	h->kept = h->lent = BUF_EMPTY;
	h->conf = *from->conf;
	h->rng = from->rng;
	h->port = from->port;
	h->name = strdup(from->name);
	h->host = strdup(from->host != NULL ? from->host : "");
	if (h->name != NULL && h->host != NULL)
		return ERR_OK;
	hop_finish(h);
	return ERR_NOMEM;
}

void hop_finish(struct hop *h)
{
	ssh_free(h->ssh);
	pkt_free(h->rest);
	buf_finish(&h->kept);
	buf_finish(&h->lent);
	free(h->name);
	free(h->host);
	memset(h, 0, sizeof *h);
}

enum err hop_start(struct hop *h, const struct hop *outer, uint64_t now)
{
	if (outer != NULL) {
		h->conf.headroom = ssh_headroom(outer->ssh);
		h->conf.tailroom = ssh_tailroom(outer->ssh);
	}
	h->ssh = ssh_new(&h->conf, h->rng, now);
	return h->ssh == NULL ? ERR_NOMEM : ERR_OK;
}

/* The originator is what ssh -W says: no real socket asks. */
enum err hop_jump(struct hop *h, const struct hop *next)
{
	struct chan_target to = {
		.kind = CHAN_DIRECT_TCPIP,
		.host = slice_of(next->host),
		.port = next->port,
		.from_host = slice_of("127.0.0.1"),
		.from_port = 65535,
	};
	enum err e = chan_open(h->ssh, &to, &h->jump_chan);

	if (e == ERR_OK)
		h->jump = JUMP_OPENING;
	return e;
}

bool hop_is_jump(const struct hop *h, const struct ssh_event *ev)
{
	if (h->jump != JUMP_OPENING && h->jump != JUMP_OPEN)
		return false;
	switch (ev->kind) {
	case SSH_CHAN_OPENED:
	case SSH_CHAN_REFUSED:
	case SSH_CHAN_DATA:
	case SSH_CHAN_ROOM:
	case SSH_CHAN_EOF:
	case SSH_CHAN_REQUEST:
	case SSH_CHAN_REPLY:
	case SSH_CHAN_CLOSED: return ev->chan == h->jump_chan;
	default: return false;
	}
}

/* ---- down ---- */

const struct pkt *hop_peek(const struct hop *h)
{
	return h->rest != NULL ? h->rest : ssh_tx_peek(h->ssh);
}

size_t hop_queued(const struct hop *h)
{
	return (h->rest != NULL ? h->rest->cap : 0) + ssh_tx_queued(h->ssh);
}

static struct pkt *take(struct hop *h)
{
	struct pkt *p = h->rest;

	if (p == NULL)
		return ssh_tx_pop(h->ssh);
	h->rest = NULL;
	return p;
}

/* Cuts p after its first n bytes: they stay or become *p, the others *rest. The smaller part moves
 * to a packet of its own. */
static enum err cut(struct hop *outer, struct pkt **p, size_t n, struct pkt **rest)
{
	size_t left = (*p)->len - n, moved = n < left ? n : left;
	struct pkt *q = pkt_new(ssh_headroom(outer->ssh), moved, ssh_tailroom(outer->ssh));

	if (q == NULL)
		return ERR_NOMEM;
	memcpy(pkt_put(q, moved), (*p)->data + (moved == n ? 0 : n), moved);
	outer->copied += moved;
	outer->split++;
	if (moved == n) {
		pkt_pull(*p, n);
		*rest = *p;
		*p = q;
	} else {
		(*p)->len = n;
		*rest = q;
	}
	return ERR_OK;
}

enum err hop_down(struct hop *inner, struct hop *outer)
{
	while (outer->jump == JUMP_OPEN && hop_peek(inner) != NULL) {
		size_t room = chan_room(outer->ssh, outer->jump_chan);
		struct pkt *p;
		enum err e;

		if (room == 0)
			break;
		p = take(inner);
		if (p->len > room && (e = cut(outer, &p, room, &inner->rest)) != ERR_OK) {
			pkt_free(p);
			return e;
		}
		chan_send(outer->ssh, outer->jump_chan, p);
	}
	return ERR_OK;
}

size_t hop_room(const struct hop *inner, const struct hop *outer, size_t limit)
{
	size_t window, most;

	if (outer->jump != JUMP_OPEN || hop_peek(inner) != NULL)
		return 0;
	window = chan_room(outer->ssh, outer->jump_chan);
	if (window == 0)
		return 0;
	most = ssh_fit(outer->ssh, limit);
	if (most > chan_packet_max(outer->ssh, outer->jump_chan))
		most = chan_packet_max(outer->ssh, outer->jump_chan);
	if (ssh_fit(inner->ssh, most < window ? most : window) > 0)
		return most < window ? most : window;
	/* No whole packet fits. Nobody promises that the window grows before the last byte of it
	 * was used, so one packet is sent in parts. */
	return most > CUT_LEAST ? most : CUT_LEAST;
}

/* ---- up ---- */

enum err hop_up(struct hop *inner, struct hop *outer, struct span data, uint64_t now)
{
	if (inner->kept.n > 0 || ssh_rx_full(inner->ssh)) {
		buf_bytes(&inner->kept, (struct slice) { data.p, data.n });
		return buf_err(&inner->kept);
	}
	ssh_rx(inner->ssh, data.p, data.n, now);
	chan_consumed(outer->ssh, outer->jump_chan, data.n);
	return ERR_OK;
}

void hop_up_eof(struct hop *inner, uint64_t now)
{
	if (inner->kept.n > 0)
		inner->eof_kept = true;
	else
		ssh_rx_eof(inner->ssh, now);
}

bool hop_resume(struct hop *inner, struct hop *outer, uint64_t now)
{
	buf_finish(&inner->lent);
	if (inner->kept.n == 0 || ssh_rx_full(inner->ssh))
		return false;
	inner->lent = inner->kept;
	inner->kept = BUF_EMPTY;
	ssh_rx(inner->ssh, inner->lent.p, inner->lent.n, now);
	chan_consumed(outer->ssh, outer->jump_chan, inner->lent.n);
	if (inner->eof_kept)
		ssh_rx_eof(inner->ssh, now);
	inner->eof_kept = false;
	return true;
}
