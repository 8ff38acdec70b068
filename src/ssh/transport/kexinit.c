#include "kexinit.h"

#include <string.h>

#include "aead.h"
#include "session.h"
#include "text.h"

enum { COOKIE = 16, LISTS = 10 };

/* The order of the lists in the message. */
enum list_index {
	LIST_KEX,
	LIST_HOST_KEY,
	LIST_CIPHER_CS,
	LIST_CIPHER_SC,
	LIST_MAC_CS,
	LIST_MAC_SC,
	LIST_COMPRESSION_CS,
	LIST_COMPRESSION_SC,
	LIST_LANGUAGE_CS,
	LIST_LANGUAGE_SC,
};

struct proposal {
	struct slice list[LISTS];
	bool follows; /* first_kex_packet_follows */
};

void kexinit_finish(struct kexinit *k)
{
	buf_finish(&k->ours);
	buf_finish(&k->peer);
}

static bool first(const struct ssh *s)
{
	return s->session_id.n == 0;
}

static const char *extensions(const struct ssh *s)
{
	if (!first(s))
		return "";
	return session_is_server(s) ? ",ext-info-s,kex-strict-s-v00@openssh.com"
	                            : ",ext-info-c,kex-strict-c-v00@openssh.com";
}

/* A server offers only what one of its keys can do. */
static void put_host_key_algs(const struct ssh *s, struct buf *b)
{
	struct slice list = slice_of(s->conf->host_key_algs), name;
	size_t mark = buf_string_begin(b), start = b->n;

	while (wire_name(&list, &name)) {
		if (session_is_server(s) && exchange_host_key(s, name).n == 0)
			continue;
		if (b->n > start)
			buf_u8(b, ',');
		buf_bytes(b, name);
	}
	buf_string_end(b, mark);
}

/*   byte       SSH_MSG_KEXINIT
 *   byte[16]   cookie
 *   name-list  × 10, see enum list_index
 *   boolean    first_kex_packet_follows
 *   uint32     0 */
static void build(struct ssh *s, struct buf *b, bool follows)
{
	const struct ssh_conf *c = s->conf;
	uint8_t *cookie;
	size_t mark;
	enum err e;

	buf_u8(b, MSG_KEXINIT);
	cookie = buf_grow(b, COOKIE);
	if (cookie != NULL && (e = rng_fill(s->rng, cookie, COOKIE)) != ERR_OK)
		b->err = e;
	mark = buf_string_begin(b);
	buf_printf(b, "%s%s", c->kex, extensions(s));
	buf_string_end(b, mark);
	put_host_key_algs(s, b);
	buf_text(b, c->ciphers);
	buf_text(b, c->ciphers);
	buf_text(b, c->macs);
	buf_text(b, c->macs);
	buf_text(b, "none");
	buf_text(b, "none");
	buf_text(b, "");
	buf_text(b, "");
	buf_bool(b, follows);
	buf_u32(b, 0);
}

void kexinit_send(struct ssh *s, bool follows)
{
	struct buf copy = BUF_EMPTY;

	buf_clear(&s->kexinit.ours);
	build(s, &s->kexinit.ours, follows);
	if (buf_err(&s->kexinit.ours) != ERR_OK) {
		session_die(s, buf_err(&s->kexinit.ours), REASON_NONE,
		            "the key exchange could not be started: %s",
		            err_text(buf_err(&s->kexinit.ours)));
		return;
	}
	buf_bytes(&copy, buf_slice(&s->kexinit.ours));
	tx_message(s, &copy);
	s->tx.blocked = true;
}

/* Names: 1 to 64 printable US-ASCII characters without commas (RFC 4251 §6). */
static bool names_fine(struct slice list)
{
	size_t at = 0, start = 0;

	if (list.n == 0)
		return true;
	for (; at <= list.n; at++) {
		if (at < list.n && list.p[at] != ',') {
			if (list.p[at] <= ' ' || list.p[at] > '~')
				return false;
			continue;
		}
		if (at == start || at - start > KEXINIT_NAME_MAX)
			return false;
		start = at + 1;
	}
	return true;
}

static enum err parse(struct slice payload, struct proposal *p)
{
	struct wire in = wire_in(payload);

	wire_bytes(&in, 1 + COOKIE);
	for (size_t i = 0; i < LISTS; i++)
		p->list[i] = wire_string(&in);
	p->follows = wire_bool(&in);
	wire_u32(&in); /* reserved: a value we do not know is for a future that we ignore */
	if (wire_end(&in) != ERR_OK)
		return ERR_PROTO;
	for (size_t i = 0; i < LISTS; i++)
		if (!names_fine(p->list[i]))
			return ERR_PROTO;
	return ERR_OK;
}

static bool list_has(struct slice list, struct slice name)
{
	struct slice each;

	while (wire_name(&list, &each))
		if (slice_equal(each, name))
			return true;
	return false;
}

/* §7.1: the first name on the client's list that is also on the server's. */
static bool choose(const struct ssh *s, struct slice ours, struct slice peer, char *out)
{
	struct slice client = session_is_server(s) ? peer : ours;
	struct slice server = session_is_server(s) ? ours : peer;
	struct slice name;

	while (wire_name(&client, &name))
		if (list_has(server, name))
			return slice_text(name, out, KEXINIT_NAME_MAX + 1);
	out[0] = '\0';
	return false;
}

static enum err no_match(struct ssh *s, const char *what, struct slice theirs)
{
	char list[320];

	text_clean(theirs, list, sizeof list);
	session_die(s, ERR_NONE, REASON_KEX, "no %s in common with the %s; it offers only: %s",
	            what, session_is_server(s) ? "client" : "server", list);
	return ERR_NONE;
}

static enum err choose_guard(struct ssh *s, const struct proposal *ours,
                             const struct proposal *peer, bool to_server, char *cipher, char *mac)
{
	enum list_index c = to_server ? LIST_CIPHER_CS : LIST_CIPHER_SC;
	enum list_index m = to_server ? LIST_MAC_CS : LIST_MAC_SC;

	if (!choose(s, ours->list[c], peer->list[c], cipher))
		return no_match(s, "cipher", peer->list[c]);
	mac[0] = '\0';
	if (!aead_has_mac(slice_of(cipher)) && !choose(s, ours->list[m], peer->list[m], mac))
		return no_match(s, "MAC algorithm", peer->list[m]);
	return ERR_OK;
}

static enum err agree(struct ssh *s, const struct proposal *ours, const struct proposal *peer)
{
	struct kexinit *k = &s->kexinit;
	bool server = session_is_server(s);
	char kex[KEXINIT_NAME_MAX + 1], none[KEXINIT_NAME_MAX + 1];
	enum err e;

	if (!choose(s, ours->list[LIST_KEX], peer->list[LIST_KEX], kex) ||
	    (k->kex = kex_find(slice_of(kex))) == NULL)
		return no_match(s, "key exchange method", peer->list[LIST_KEX]);
	if (!choose(s, ours->list[LIST_HOST_KEY], peer->list[LIST_HOST_KEY], k->host_key_alg))
		return no_match(s, "host key algorithm", peer->list[LIST_HOST_KEY]);
	e = choose_guard(s, ours, peer, !server, k->cipher_tx, k->mac_tx);
	if (e == ERR_OK)
		e = choose_guard(s, ours, peer, server, k->cipher_rx, k->mac_rx);
	for (size_t i = LIST_COMPRESSION_CS; e == ERR_OK && i <= LIST_COMPRESSION_SC; i++)
		if (!choose(s, ours->list[i], peer->list[i], none))
			e = no_match(s, "compression", peer->list[i]);
	return e;
}

/* RFC 4253 §7: a guess is right when the first method and the first host key algorithm of both
 * sides are the same. */
static bool guess_wrong(const struct proposal *ours, const struct proposal *peer)
{
	struct slice a, b;

	for (size_t i = LIST_KEX; i <= LIST_HOST_KEY; i++) {
		struct slice la = ours->list[i], lb = peer->list[i];

		if (!wire_name(&la, &a) || !wire_name(&lb, &b) || !slice_equal(a, b))
			return true;
	}
	return false;
}

static enum err read_extensions(struct ssh *s, const struct proposal *peer)
{
	struct slice list = peer->list[LIST_KEX];
	bool server = session_is_server(s);

	if (!first(s))
		return ERR_OK;
	s->kexinit.ext_info = list_has(list, slice_of(server ? "ext-info-c" : "ext-info-s"));
	s->kexinit.strict = list_has(list, slice_of(server ? "kex-strict-c-v00@openssh.com"
	                                                   : "kex-strict-s-v00@openssh.com"));
	if (s->kexinit.strict && s->rx.packets != 1) {
		session_die(
		    s, ERR_PROTO, REASON_PROTOCOL,
		    "the peer's first packet was not its KEXINIT, against strict key exchange");
		return ERR_PROTO;
	}
	return ERR_OK;
}

enum err kexinit_receive(struct ssh *s, struct slice payload, bool *skip, bool *right)
{
	struct kexinit *k = &s->kexinit;
	struct proposal ours, peer;
	enum err e;

	*skip = *right = false;
	buf_clear(&k->peer);
	buf_bytes(&k->peer, payload);
	if (buf_err(&k->peer) != ERR_OK) {
		session_nomem(s);
		return ERR_NOMEM;
	}
	if (parse(buf_slice(&k->peer), &peer) != ERR_OK ||
	    parse(buf_slice(&k->ours), &ours) != ERR_OK) {
		session_die(s, ERR_PROTO, REASON_PROTOCOL, "the peer sent a malformed KEXINIT");
		return ERR_PROTO;
	}
	e = read_extensions(s, &peer);
	if (e == ERR_OK)
		e = agree(s, &ours, &peer);
	*right = !guess_wrong(&ours, &peer);
	*skip = peer.follows && !*right;
	return e;
}
