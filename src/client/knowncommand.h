/* knowncommand -- KnownHostsCommand: a program that prints lines of known_hosts for a host.
 *
 * ssh_config(5). It is run when the server has shown its key, with %t, %K, %f and %H known.
 */
#pragma once
#include "base.h"

struct host;
struct knowncommand;

/* Runs it and calls done once with what it printed. ERR_OK; ERR_SYS: it failed, and the person was
 * told. NULL: it could not be started, and the person was told. */
struct knowncommand *knowncommand_new(struct host *host, struct slice blob,
                                      void (*done)(void *ctx, enum err e, struct slice output),
                                      void *ctx);
void knowncommand_free(struct knowncommand *k); /* NULL is fine */
