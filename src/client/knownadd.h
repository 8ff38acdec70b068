/* knownadd -- adds a host's key to the user's first known_hosts file. */
#pragma once
#include "base.h"

struct host;

/* name: "host" or "[host]:port". The file is replaced as a whole under its lock, so a full disk or
 * another ginnel loses no line. why gets a sentence on error. ERR_SYS, ERR_PROTO, ERR_NOMEM;
 * ERR_NONE: UserKnownHostsFile is none. */
MUST_USE enum err knownadd(const struct host *hop, const char *name, struct slice blob, char *why,
                           size_t why_size);
