/* inbound -- connections that the far end begins: -R, with a target or as a SOCKS proxy. */
#pragma once
#include <stdint.h>

struct client;
struct conn;
struct forward_spec;
struct ssh_event;

/* The far end opened chan for spec (FORWARD_REMOTE or FORWARD_REMOTE_DYNAMIC). */
void inbound_asked(struct client *c, const struct forward_spec *spec, uint32_t chan);

/* For conn.c: before it is joined. */
void inbound_event(struct conn *n, const struct ssh_event *ev);
