/* identity -- one key to log in with: from a file, or held by the agent.
 *
 * Of a file the public half is enough until the server wants the key; the private half is read, and
 * its passphrase asked for, only then.
 */
#pragma once
#include "base.h"
#include "buf.h"
#include "keyfile.h"
#include "list.h"

struct host;

struct identity {
	struct list link; /* in its identities */
	struct buf blob;  /* public key; empty: not known yet. The agent may list a certificate */
	struct buf cert;  /* certificate for the key, which the server is asked about instead */
	char *path;       /* of the file; NULL: only the agent has it */
	char *name;       /* for people, cleaned: the path, or the agent's comment */
	bool in_agent;
	bool locked; /* the file needs a passphrase */
	bool tried;
	struct keyfile file; /* the private half, once it was read */
	bool loaded;
};

/* Looks at the file at path: ERR_NONE: it is not there, or of a type not known; ERR_SYS, ERR_PROTO:
 * it cannot be used, and the person has been told. ERR_NOMEM. */
MUST_USE enum err identity_from_file(const struct host *hop, const char *path,
                                     struct identity **out);
/* ERR_NOMEM. */
MUST_USE enum err identity_from_agent(struct slice blob, struct slice comment,
                                      struct identity **out);
/* The same key once more, with a certificate for it. ERR_NOMEM. */
MUST_USE enum err identity_with_cert(const struct identity *key, struct slice cert,
                                     const char *path, struct identity **out);
void identity_free(struct identity *i); /* wipes; NULL is fine */

/* What the server is asked about. */
struct slice identity_offer(const struct identity *i);

/* Reads the private half. ERR_MORE: a passphrase is needed. ERR_AUTH: it is wrong. Others: it
 * cannot be used, and why, of 256 bytes, says so. */
MUST_USE enum err identity_load(struct identity *i, struct slice passphrase, char *why);

/* The signature algorithm to use with a server that accepts sig_algs (RFC 8308 §3.1; "" for not
 * said) and with what is accepted here; "" when there is none in common. */
const char *identity_alg(const struct identity *i, const char *sig_algs, const char *accepted);
