/* algorithms -- what crypto has, in the form that the configuration's keywords ask for. */
#pragma once
#include "config_env.h"

extern const struct config_algos algorithms;

/* SHA-1 for %C, as struct config_env wants it. */
enum err algorithms_sha1(void *ctx, struct slice in, uint8_t out[20]);
