/* rng -- where random bytes come from, handed in by whoever owns a machine without I/O.
 *
 * The engine draws no random number itself: the program gives it the system's generator, a
 * simulation gives it a seed, and the same input then always gives the same output.
 */
#pragma once
#include "base.h"

struct rng {
	/* Fills p with n bytes. An error means none of them may be used. */
	enum err (*fill)(void *ctx, uint8_t *p, size_t n);
	void *ctx;
};

MUST_USE static inline enum err rng_fill(const struct rng *r, uint8_t *p, size_t n)
{
	return r->fill(r->ctx, p, n);
}
