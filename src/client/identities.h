/* identities -- the keys a hop may be offered, in the order in which they are: OpenSSH's.
 *
 * First those of the configuration that the agent holds, then the agent's others, then those of the
 * configuration that only files hold. IdentitiesOnly leaves the agent's others out.
 */
#pragma once
#include "base.h"
#include "identity.h"

struct host;
struct identities;

struct identities *identities_new(struct host *hop); /* NULL when out of memory */
void identities_free(struct identities *ids);        /* NULL is fine */

/* Reads the files and asks the agent, then calls done once, perhaps at once. */
void identities_gather(struct identities *ids, void (*done)(void *ctx), void *ctx);

/* The next one that has not been tried; NULL: none is left. */
struct identity *identities_next(const struct identities *ids);

/* Makes a signature with an identity, asking for its passphrase or the agent as needed, and calls
 * done once, perhaps at once; an empty signature: it cannot be made, and the person was told. */
void identities_sign(struct identities *ids, struct identity *i, struct slice alg,
                     struct slice data, void (*done)(void *ctx, struct slice signature), void *ctx);
