/* permit -- PermitRemoteOpen: where the far end's SOCKS clients (-R without a target) may go. */
#pragma once
#include "base.h"
#include "words.h"

/* words: "host:port" with "*" for any of either, brackets around IPv6; "any", "none"; an empty list
 * is any. Names are compared as they were asked for, without looking them up. */
bool permit_allows(const struct words *words, const char *host, uint16_t port);
