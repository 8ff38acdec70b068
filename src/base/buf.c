#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wipe(void *p, size_t n)
{
	if (n > 0)
		explicit_bzero(p, n);
}

void buf_finish(struct buf *b)
{
	wipe(b->p, b->cap);
	free(b->p);
	*b = BUF_EMPTY;
}

void buf_clear(struct buf *b)
{
	wipe(b->p, b->n);
	b->n = 0;
	b->err = ERR_OK;
}

enum err buf_err(const struct buf *b)
{
	return b->err;
}

struct slice buf_slice(const struct buf *b)
{
	return (struct slice) { b->p, b->n };
}

/* Not realloc(): it would leave a copy of the content in freed memory. */
static enum err buf_reserve(struct buf *b, size_t need)
{
	size_t cap = b->cap < 128 ? 128 : b->cap;
	uint8_t *p;

	if (need > BUF_MAX)
		return ERR_LIMIT;
	if (need <= b->cap)
		return ERR_OK;
	while (cap < need)
		cap *= 2;
	p = malloc(cap);
	if (p == NULL)
		return ERR_NOMEM;
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	wipe(b->p, b->cap);
	free(b->p);
	b->p = p;
	b->cap = cap;
	return ERR_OK;
}

uint8_t *buf_grow(struct buf *b, size_t n)
{
	uint8_t *at;

	if (b->err == ERR_OK && n > BUF_MAX)
		b->err = ERR_LIMIT;
	if (b->err == ERR_OK)
		b->err = buf_reserve(b, b->n + n);
	if (b->err != ERR_OK)
		return NULL;
	at = b->p + b->n;
	b->n += n;
	return at;
}

void buf_drop(struct buf *b, size_t n)
{
	if (n > b->n)
		n = b->n;
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->n - n);
	wipe(b->p + b->n - n, n);
	b->n -= n;
}

void buf_u8(struct buf *b, uint8_t v)
{
	uint8_t *at = buf_grow(b, 1);

	if (at != NULL)
		*at = v;
}

void buf_bool(struct buf *b, bool v)
{
	buf_u8(b, v ? 1 : 0);
}

void buf_u32(struct buf *b, uint32_t v)
{
	uint8_t *at = buf_grow(b, 4);

	if (at != NULL)
		put_u32(at, v);
}

void buf_u64(struct buf *b, uint64_t v)
{
	uint8_t *at = buf_grow(b, 8);

	if (at != NULL)
		put_u64(at, v);
}

void buf_bytes(struct buf *b, struct slice s)
{
	uint8_t *at = buf_grow(b, s.n);

	if (at != NULL && s.n > 0)
		memcpy(at, s.p, s.n);
}

void buf_string(struct buf *b, struct slice s)
{
	if (s.n > BUF_MAX && b->err == ERR_OK)
		b->err = ERR_LIMIT;
	buf_u32(b, (uint32_t)s.n);
	buf_bytes(b, s);
}

void buf_text(struct buf *b, const char *s)
{
	buf_string(b, slice_of(s));
}

void buf_mpint(struct buf *b, struct slice s)
{
	while (s.n > 0 && s.p[0] == 0) {
		s.p++;
		s.n--;
	}
	if (s.n > 0 && (s.p[0] & 0x80) != 0) {
		buf_u32(b, (uint32_t)(s.n + 1));
		buf_u8(b, 0);
		buf_bytes(b, s);
	} else {
		buf_string(b, s);
	}
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	if (n >= 0 && buf_grow(b, (size_t)n + 1) != NULL) {
		vsnprintf((char *)b->p + b->n - n - 1, (size_t)n + 1, fmt, again);
		b->n--; /* the NUL is not content */
	} else if (n < 0 && b->err == ERR_OK) {
		b->err = ERR_LIMIT;
	}
	va_end(again);
	va_end(args);
}

size_t buf_string_begin(struct buf *b)
{
	buf_u32(b, 0);
	return b->n;
}

void buf_string_end(struct buf *b, size_t mark)
{
	if (b->err == ERR_OK)
		put_u32(b->p + mark - 4, (uint32_t)(b->n - mark));
}
