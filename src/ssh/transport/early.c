#include "early.h"

#include <string.h>

#include "session.h"

void early_finish(struct early *e)
{
	pktq_free(&e->said);
	pktq_free(&e->waiting);
}

/* Sends a copy and keeps the payload. */
static void say(struct ssh *s, struct pkt *p)
{
	struct pkt *copy = pkt_new(tx_headroom(s), p->len, tx_tailroom(s));

	if (copy == NULL) {
		pkt_free(p);
		session_nomem(s);
		return;
	}
	memcpy(pkt_put(copy, p->len), p->data, p->len);
	pktq_push(&s->early.said, p);
	tx_packet_now(s, copy);
}

void early_packet(struct ssh *s, struct pkt *p)
{
	if (s->early.flying) {
		say(s, p);
		return;
	}
	pktq_push(&s->early.waiting, p);
	if (s->early.waiting.bytes > EARLY_MAX)
		session_die(s, ERR_LIMIT, REASON_NONE, "too much was asked for before the login");
}

void early_requested(struct ssh *s)
{
	struct pkt *p;

	if (!s->early.allowed)
		return;
	s->early.flying = true;
	while (!session_dead(s) && (p = pktq_pop(&s->early.waiting)) != NULL)
		say(s, p);
}

void early_refused(struct ssh *s)
{
	struct pktq again = s->early.said;
	struct pkt *p;

	s->early.allowed = s->early.flying = false;
	s->early.said = (struct pktq) { 0 };
	while ((p = pktq_pop(&s->early.waiting)) != NULL)
		pktq_push(&again, p);
	s->early.waiting = again;
}

void early_granted(struct ssh *s)
{
	struct pkt *p;

	pktq_free(&s->early.said);
	while (!session_dead(s) && (p = pktq_pop(&s->early.waiting)) != NULL)
		tx_packet_now(s, p);
}

void ssh_allow_early(struct ssh *s)
{
	s->early.allowed = true;
}
