#include "pkt.h"

#include <assert.h>
#include <stdlib.h>

struct pkt *pkt_new(size_t headroom, size_t payload, size_t tailroom)
{
	size_t cap = headroom + payload + tailroom;
	struct pkt *p = malloc(sizeof *p + cap);

	if (p == NULL)
		return NULL;
	p->next = NULL;
	p->data = p->base + headroom;
	p->len = 0;
	p->cap = cap;
	return p;
}

void pkt_free(struct pkt *p)
{
	free(p);
}

size_t pkt_headroom(const struct pkt *p)
{
	return (size_t)(p->data - p->base);
}

size_t pkt_tailroom(const struct pkt *p)
{
	return p->cap - pkt_headroom(p) - p->len;
}

uint8_t *pkt_push(struct pkt *p, size_t n)
{
	assert(n <= pkt_headroom(p));
	p->data -= n;
	p->len += n;
	return p->data;
}

uint8_t *pkt_put(struct pkt *p, size_t n)
{
	uint8_t *at = p->data + p->len;

	assert(n <= pkt_tailroom(p));
	p->len += n;
	return at;
}

void pkt_pull(struct pkt *p, size_t n)
{
	assert(n <= p->len);
	p->data += n;
	p->len -= n;
}

struct pkt *pkt_trim(struct pkt *p, size_t tailroom)
{
	size_t head = pkt_headroom(p), cap = head + p->len + tailroom;
	struct pkt *q;

	if (cap >= p->cap)
		return p;
	q = realloc(p, sizeof *q + cap);
	if (q == NULL)
		return p;
	q->data = q->base + head;
	q->cap = cap;
	return q;
}

void pktq_push(struct pktq *q, struct pkt *p)
{
	p->next = NULL;
	if (q->last == NULL)
		q->first = p;
	else
		q->last->next = p;
	q->last = p;
	q->count++;
	q->bytes += p->len;
	q->held += p->cap;
}

struct pkt *pktq_pop(struct pktq *q)
{
	struct pkt *p = q->first;

	if (p == NULL)
		return NULL;
	q->first = p->next;
	if (q->first == NULL)
		q->last = NULL;
	p->next = NULL;
	q->count--;
	q->bytes -= p->len;
	q->held -= p->cap;
	return p;
}

void pktq_pull(struct pktq *q, size_t n)
{
	assert(n <= q->bytes);
	while (n > 0 && n >= q->first->len) {
		struct pkt *p = pktq_pop(q);

		n -= p->len;
		pkt_free(p);
	}
	if (n > 0) {
		pkt_pull(q->first, n);
		q->bytes -= n;
	}
}

void pktq_free(struct pktq *q)
{
	struct pkt *p;

	while ((p = pktq_pop(q)) != NULL)
		pkt_free(p);
}
