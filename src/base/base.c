#include "base.h"

#include <string.h>

const char *err_text(enum err e)
{
	switch (e) {
	case ERR_OK: return "success";
	case ERR_MORE: return "more input is needed";
	case ERR_PROTO: return "malformed data";
	case ERR_LIMIT: return "a limit was passed";
	case ERR_NOMEM: return "out of memory";
	case ERR_AUTH: return "the check failed";
	case ERR_CRYPTO: return "the cryptographic library failed";
	case ERR_NONE: return "not found";
	case ERR_SYS: return "the system refused";
	}
	return "unknown error";
}

struct slice slice_of(const char *text)
{
	return (struct slice) { (const uint8_t *)text, strlen(text) };
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool slice_is(struct slice a, const char *text)
{
	return slice_equal(a, slice_of(text));
}

bool slice_text(struct slice a, char *dst, size_t size)
{
	if (size > 0)
		dst[0] = '\0';
	if (a.n >= size || (a.n > 0 && memchr(a.p, 0, a.n) != NULL))
		return false;
	if (a.n > 0)
		memcpy(dst, a.p, a.n);
	dst[a.n] = '\0';
	return true;
}
