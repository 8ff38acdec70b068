/* algorithms -- what crypto has, in the form that the configuration's keywords ask for. */
#pragma once
#include "config_env.h"

struct algorithms {
	struct config_algos lists; /* for config_env.algos */
	char *keys, *keys_default; /* with those of certificates before them */
};

/* ERR_NOMEM. algorithms_finish() always. */
MUST_USE enum err algorithms_init(struct algorithms *a);
void algorithms_finish(struct algorithms *a);

/* SHA-1 for %C, as struct config_env wants it. */
enum err algorithms_sha1(void *ctx, struct slice in, uint8_t out[20]);
