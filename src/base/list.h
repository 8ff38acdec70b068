/* list -- a ring of links inside the things it joins: no allocation, O(1) removal.
 *
 * A struct list is both the head of a ring and a link in one. A link that is in no ring points at
 * itself, so list_remove() may always be called.
 */
#pragma once
#include "base.h"

struct list {
	struct list *prev, *next;
};

static inline void list_init(struct list *l)
{
	l->prev = l->next = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

/* Puts link at the end of head's ring; it must be in no ring. */
static inline void list_add(struct list *head, struct list *link)
{
	link->prev = head->prev;
	link->next = head;
	head->prev->next = link;
	head->prev = link;
}

static inline void list_remove(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	list_init(link);
}

#define list_item(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* Walks a ring; the current item may be removed, no other. */
#define list_each(at, after, head)                                                                 \
	for (struct list *at = (head)->next, *after = at->next; at != (head);                      \
	     at = after, after = after->next)
