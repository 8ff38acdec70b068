/* pkt -- one buffer that a packet grows in, at both ends, without being moved.
 *
 *     head              tail
 *      |  headroom  | data ... | tailroom |
 *     base         data     data+len    base+cap
 *
 * A payload is read from a socket once, into the middle. Every layer it then goes down through puts
 * its header before it and its padding and tag after it, and encrypts where it lies. What leaves
 * the last layer is the same memory that came in.
 *
 * Owned by exactly one holder. A function that takes a `struct pkt *` and says "takes p" owns it
 * from then on, whether it succeeds or not.
 */
#pragma once
#include "base.h"

struct pkt {
	struct pkt *next; /* for the queue that holds it */
	uint8_t *data;    /* first byte of content */
	size_t len;       /* bytes of content */
	size_t cap;       /* bytes in base[] */
	uint8_t base[];
};

/* An empty packet with room for `payload` bytes and for what the layers below will add. NULL when
 * out of memory. */
struct pkt *pkt_new(size_t headroom, size_t payload, size_t tailroom);
void pkt_free(struct pkt *p); /* NULL is fine */

size_t pkt_headroom(const struct pkt *p);
size_t pkt_tailroom(const struct pkt *p);

/* Each grows the content by n bytes and returns the first of the new ones, not initialised. Too
 * little room is a bug in the caller, and stops the program. */
uint8_t *pkt_push(struct pkt *p, size_t n); /* at the front */
uint8_t *pkt_put(struct pkt *p, size_t n);  /* at the back */

void pkt_pull(struct pkt *p, size_t n); /* drops n <= len bytes at the front */

/* Gives back the memory behind the content but for tailroom bytes. The content may move, so p does
 * too: use what is returned, never NULL. */
struct pkt *pkt_trim(struct pkt *p, size_t tailroom);

/* A queue of packets, first in first out, that knows its size. */
struct pktq {
	struct pkt *first, *last;
	size_t count;
	size_t bytes; /* of content */
	size_t held;  /* bytes of memory */
};

void pktq_push(struct pktq *q, struct pkt *p); /* takes p */
struct pkt *pktq_pop(struct pktq *q);          /* NULL when empty; gives it to the caller */
void pktq_pull(struct pktq *q, size_t n); /* drops the first n <= bytes, freeing what empties */
void pktq_free(struct pktq *q);           /* frees every packet */
