/* trust -- whether a hop's host key is the right one: known_hosts, and the person.
 *
 * StrictHostKeyChecking, UserKnownHostsFile, GlobalKnownHostsFile, HostKeyAlias and their kin as
 * ssh_config(5) has them. Reads files when it is made; asks on the terminal; adds lines.
 */
#pragma once
#include "base.h"

struct host;
struct trust;

struct trust *trust_new(struct host *hop); /* borrows hop; NULL when out of memory */
void trust_free(struct trust *t);          /* NULL is fine; pending answers are not given */

/* The host key algorithms to offer: as configured, or the default list with the types that are
 * known for this host first, so that the server shows a key we can check. The caller's, from
 * malloc; NULL when out of memory. */
char *trust_algorithms(const struct trust *t);

/* Judges the key that the server has shown (and proved to hold), and calls done once, perhaps at
 * once. why: a sentence when it is not accepted, else "". */
void trust_check(struct trust *t, struct slice blob,
                 void (*done)(void *ctx, bool trusted, const char *why), void *ctx);

/* The key was accepted although it should not have been (StrictHostKeyChecking no, changed key): no
 * password may be typed to this server. */
bool trust_doubtful(const struct trust *t);
