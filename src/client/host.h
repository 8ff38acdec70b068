/* host -- one host on the way: its options, its engine's configuration, what happened there.
 *
 * The last hop is the destination. Owned by the client; everything that a hop's trust and login
 * need to know is here.
 */
#pragma once
#include "base.h"
#include "config_env.h"
#include "say.h"
#include "ssh.h"
#include "ssh_options.h"
#include "token.h"

struct identities;
struct login;
struct loop;
struct trust;

/* What all hops share; borrowed by each. */
struct surroundings {
	struct loop *loop;
	struct say *say;
	const struct rng *rng;
	const struct config_env *env;
};

struct host {
	const struct surroundings *around;
	const struct ssh_options *o;
	unsigned number;      /* from 0 */
	const char *via;      /* the hop before, NULL for the first */
	char name[256];       /* as the person calls it, cleaned */
	char known_name[300]; /* in known_hosts: "host" or "[host]:port" */
	char address[300];    /* what was connected to: "10.0.0.7 port 22", cleaned */
	struct tokens tokens;
	struct ssh_conf conf;
	char *host_key_algs; /* owned; conf points here */
	struct ssh *ssh;     /* NULL until the session has begun; the chain's */
	struct trust *trust;
	struct login *login;
	uint64_t began, ready; /* loop_now(); 0 before */
};

/* o stays borrowed. first: the time to wait for the first key exchange counts from dialling, and
 * that for the others from when their channel is open. ERR_NOMEM. */
MUST_USE enum err host_init(struct host *h, const struct surroundings *around,
                            const struct ssh_options *o, unsigned number, const char *via);
void host_finish(struct host *h);

/* The line that -v prints once a hop is logged in. method: "publickey (path)". */
void host_tell(const struct host *h, const char *method);
