/* login -- the server's side of logging in.
 *
 * RFC 4252, RFC 4256 not yet. The engine checks signatures; the application decides who may log in
 * with which key or password (SSH_LOGIN). One request is answered before the next is read into.
 */
#pragma once
#include "buf.h"
#include "ssh.h"
#include "wire.h"

struct login {
	struct ssh_login asked;
	bool waiting;       /* SSH_LOGIN was told, and waits for ssh_answer_login() */
	struct buf request; /* what asked points into */
	struct buf user;    /* fixed by the first request */
	bool user_known;
	struct buf methods; /* that can continue, as the application last said */
	unsigned failed;
};

void login_finish(struct login *l);

enum err login_on_service(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err login_on_request(struct ssh *s, struct wire *in, struct ssh_event *ev);
