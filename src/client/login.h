/* login -- gets one hop to log us in: which method and which key comes next, and the questions.
 *
 * PreferredAuthentications, PubkeyAuthentication, PasswordAuthentication,
 * KbdInteractiveAuthentication, NumberOfPasswordPrompts, BatchMode as ssh_config(5) has them. An
 * unencrypted key file signs at once, which saves a round trip; a key in the agent or behind a
 * passphrase is only used when the server has said that it takes it.
 */
#pragma once
#include "base.h"
#include "ssh.h"

struct host;
struct login;

struct login *login_new(struct host *hop); /* NULL when out of memory */
void login_free(struct login *l);          /* NULL is fine */

/* Starts to gather keys; call it before there is a session, so that it costs no time then. */
void login_prepare(struct login *l);

/* Something was answered to the engine outside of login_event(), from a callback. */
void login_on_progress(struct login *l, void (*progress)(void *ctx), void *ctx);

/* SSH_AUTH and what follows; others are ignored. May answer at once or later; then the progress
 * callback is called. */
void login_event(struct login *l, const struct ssh_event *ev);

const char *login_method(const struct login *l); /* what worked: "publickey (path)" */
