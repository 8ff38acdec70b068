/* trustfiles -- reads a hop's known_hosts files: the user's, then the system's. */
#pragma once
#include "base.h"

struct host;
struct knownhosts;

/* Fills known and, unless it is NULL, portless. A file that is not there is passed over, bad lines
 * are told at -v. ERR_SYS: a file is there and cannot be read, so nothing may be decided; it has
 * been told. ERR_NOMEM, ERR_CRYPTO. */
MUST_USE enum err trustfiles_load(const struct host *hop, struct knownhosts *known,
                                  struct knownhosts *portless);
