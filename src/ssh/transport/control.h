/* control -- the small messages of the transport layer: disconnect, ignore, debug, unimplemented,
 * ping.
 *
 * RFC 4253 §11; ping@openssh.com is OpenSSH's PROTOCOL §1.9.
 */
#pragma once
#include "ssh.h"
#include "wire.h"

/* Queues DISCONNECT past everything that is held. */
void control_disconnect(struct ssh *s, uint32_t reason, const char *text);
/* Answers the packet that came last. */
void control_unimplemented(struct ssh *s);

enum err control_on_disconnect(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err control_on_ignore(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err control_on_debug(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err control_on_unimplemented(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err control_on_ping(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err control_on_pong(struct ssh *s, struct wire *in, struct ssh_event *ev);
