#include "wire.h"

#include <string.h>

struct wire wire_in(struct slice from)
{
	return (struct wire) { .p = from.p, .n = from.n, .err = ERR_OK };
}

struct slice wire_bytes(struct wire *w, size_t n)
{
	struct slice got = { w->p, n };

	if (w->err != ERR_OK || n > w->n) {
		w->err = ERR_PROTO;
		w->n = 0;
		return (struct slice) { NULL, 0 };
	}
	if (n > 0)
		w->p += n;
	w->n -= n;
	return got;
}

uint8_t wire_u8(struct wire *w)
{
	struct slice b = wire_bytes(w, 1);

	return b.n == 1 ? b.p[0] : 0;
}

bool wire_bool(struct wire *w)
{
	return wire_u8(w) != 0;
}

uint32_t wire_u32(struct wire *w)
{
	struct slice b = wire_bytes(w, 4);

	return b.n == 4 ? get_u32(b.p) : 0;
}

uint64_t wire_u64(struct wire *w)
{
	struct slice b = wire_bytes(w, 8);

	return b.n == 8 ? get_u64(b.p) : 0;
}

struct slice wire_string(struct wire *w)
{
	uint32_t n = wire_u32(w);

	return wire_bytes(w, n);
}

struct slice wire_rest(struct wire *w)
{
	return wire_bytes(w, w->n);
}

struct slice wire_mpint(struct wire *w)
{
	struct slice b = wire_string(w);

	if (b.n == 0)
		return b;
	if ((b.p[0] & 0x80) != 0 || (b.p[0] == 0 && (b.n == 1 || (b.p[1] & 0x80) == 0))) {
		w->err = ERR_PROTO;
		w->n = 0;
		return (struct slice) { NULL, 0 };
	}
	if (b.p[0] == 0) {
		b.p++;
		b.n--;
	}
	return b;
}

enum err wire_end(struct wire *w)
{
	if (w->err == ERR_OK && w->n != 0)
		w->err = ERR_PROTO;
	return w->err;
}

bool wire_name(struct slice *list, struct slice *name)
{
	const uint8_t *comma;

	if (list->n == 0)
		return false;
	comma = memchr(list->p, ',', list->n);
	name->p = list->p;
	name->n = comma == NULL ? list->n : (size_t)(comma - list->p);
	if (comma == NULL) {
		list->n = 0;
	} else {
		list->p += name->n + 1;
		list->n -= name->n + 1;
	}
	return true;
}
