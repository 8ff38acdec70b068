/* base -- the words every other file uses: errors, views of bytes, big-endian numbers.
 *
 * No allocation, no I/O. Sizes are bytes.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE           __attribute__((warn_unused_result))
#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define ARRAY_LEN(a)       (sizeof(a) / sizeof(*(a)))

/* Every function that can fail returns one of these. Zero is success.
 * ERR_MORE is not a failure: it says "call again when more bytes are here". */
enum err {
	ERR_OK = 0,
	ERR_MORE,   /* need more input; nothing was consumed */
	ERR_PROTO,  /* the peer broke the protocol, or the input its format */
	ERR_LIMIT,  /* the peer, or our caller, asked for more than a stated limit */
	ERR_NOMEM,  /* out of memory */
	ERR_AUTH,   /* a signature, tag, passphrase or password is wrong */
	ERR_CRYPTO, /* the cryptographic library failed */
	ERR_NONE,   /* there is no such thing: file, key, algorithm, entry */
	ERR_SYS,    /* a system call failed; errno says how */
};

/* A short English phrase for e, such as "out of memory". Never NULL. */
const char *err_text(enum err e);

/* A view of bytes owned by somebody else: to read, or to scribble on. */
struct slice {
	const uint8_t *p;
	size_t n;
};
struct span {
	uint8_t *p;
	size_t n;
};

struct slice slice_of(const char *text); /* the bytes of a C string, without its NUL */
bool slice_equal(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *text);
/* Copies a into dst as a C string. False, and dst is "", when a has a NUL byte inside or needs
 * more than size bytes with its final NUL. */
bool slice_text(struct slice a, char *dst, size_t size);

static inline uint32_t get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void put_u32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static inline uint64_t get_u64(const uint8_t *p)
{
	return (uint64_t)get_u32(p) << 32 | get_u32(p + 4);
}

static inline void put_u64(uint8_t *p, uint64_t v)
{
	put_u32(p, (uint32_t)(v >> 32));
	put_u32(p + 4, (uint32_t)v);
}
