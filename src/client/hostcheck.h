/* hostcheck -- what a host key has to be, whatever known_hosts says of it: RequiredRSASize and
 * RevokedHostKeys (ssh_config(5)).
 */
#pragma once
#include "base.h"

struct host;

enum { HOSTCHECK_WHY = 512 };

/* ERR_AUTH: it may not be used, and why, of HOSTCHECK_WHY bytes, is a sentence that says so. */
MUST_USE enum err hostcheck(const struct host *host, struct slice blob, char *why);
