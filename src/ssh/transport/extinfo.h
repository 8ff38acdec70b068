/* extinfo -- EXT_INFO: what else each side can do.
 *
 * RFC 8308. Sent once, right behind our first NEWKEYS, when the peer said that it takes it; taken
 * right behind the peer's first NEWKEYS and, by a client, while it logs in. Unknown extensions are
 * passed over (§2.5).
 */
#pragma once
#include "ssh.h"
#include "wire.h"

void extinfo_send(struct ssh *s);
enum err extinfo_on_message(struct ssh *s, struct wire *in, struct ssh_event *ev);
