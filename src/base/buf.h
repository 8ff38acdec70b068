/* buf -- a byte buffer that grows at its end, and writes the data types of SSH messages.
 *
 * RFC 4251 §5. The first error sticks: when memory runs out, or a stated limit is passed, later
 * writes do nothing and buf_err() says so, so a message is written field by field and judged once.
 * Memory is wiped before it is given back, because much of what is built here is secret.
 */
#pragma once
#include "base.h"

enum { BUF_MAX = 64 * 1024 * 1024 }; /* bytes; more is ERR_LIMIT */

struct buf {
	uint8_t *p;
	size_t n;   /* bytes of content */
	size_t cap; /* bytes allocated */
	enum err err;
};

#define BUF_EMPTY ((struct buf) { NULL, 0, 0, ERR_OK })

void buf_finish(struct buf *b); /* wipes and frees; b is empty afterwards */
void buf_clear(struct buf *b);  /* wipes the content, keeps the memory, forgets the error */

MUST_USE enum err buf_err(const struct buf *b);
struct slice buf_slice(const struct buf *b); /* until the next write */

/* Grows the content by n bytes and returns the first of them, not initialised; NULL on error. */
uint8_t *buf_grow(struct buf *b, size_t n);
void buf_drop(struct buf *b, size_t n); /* removes the first n bytes of content */

void buf_u8(struct buf *b, uint8_t v);
void buf_bool(struct buf *b, bool v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_bytes(struct buf *b, struct slice s);  /* without a length */
void buf_string(struct buf *b, struct slice s); /* uint32 length, then the bytes */
void buf_text(struct buf *b, const char *s);    /* a C string as string */
void buf_mpint(struct buf *b, struct slice s);  /* unsigned, big-endian, leading zeros allowed */
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3); /* text without NUL */

/* A string whose length is known only when it is written: begin gives a mark for end. */
size_t buf_string_begin(struct buf *b);
void buf_string_end(struct buf *b, size_t mark);

/* Overwrites memory with zeros in a way that the compiler keeps. */
void wipe(void *p, size_t n);
