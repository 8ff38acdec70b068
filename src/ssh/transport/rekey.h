/* rekey -- when keys have served long enough, and when the peer has been silent too long.
 *
 * RFC 4253 §9, RFC 4344 §3; the limits of ssh_conf. All the engine's deadlines are here.
 */
#pragma once
#include "ssh.h"

/* Starts a key exchange if one is due. */
void rekey_check(struct ssh *s);

/* The next moment at which rekey_tick() has work; UINT64_MAX for none. */
uint64_t rekey_deadline(const struct ssh *s);
void rekey_tick(struct ssh *s);
