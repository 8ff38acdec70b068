/* outbound -- connections that begin here: -L, -D and -W. */
#pragma once
#include <stdint.h>

struct client;
struct conn;
struct forward_spec;
struct ssh_event;

/* fd was accepted from host and port for a FORWARD_LOCAL or FORWARD_DYNAMIC. Takes fd. */
void outbound_accepted(struct client *c, const struct forward_spec *spec, int fd, const char *host,
                       uint16_t port);

/* -W: standard input and output. The client ends when this connection does. */
void outbound_stdio(struct client *c, const struct forward_spec *spec);

/* For conn.c: before it is joined. */
void outbound_readable(struct conn *n);
void outbound_event(struct conn *n, const struct ssh_event *ev);
