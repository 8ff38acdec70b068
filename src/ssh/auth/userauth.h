/* userauth -- the client's side of logging in.
 *
 * RFC 4252 (none, publickey, password), RFC 4256 (keyboard-interactive), RFC 8332, and OpenSSH's
 * publickey-hostbound-v00@openssh.com. Which method and which key comes next is the application's
 * choice; this only speaks.
 */
#pragma once
#include "buf.h"
#include "ssh.h"
#include "wire.h"

enum userauth_method {
	USERAUTH_NOTHING, /* no request is under way */
	USERAUTH_NONE,
	USERAUTH_PROBE,     /* publickey without a signature */
	USERAUTH_SIGNING,   /* publickey, waiting for ssh_answer_sign() */
	USERAUTH_PUBLICKEY, /* publickey, signed and sent */
	USERAUTH_PASSWORD,
	USERAUTH_KBDINT,
};

struct userauth {
	enum userauth_method method;
	bool prompted;        /* SSH_AUTH_PROMPTS waits for its answer */
	bool asked;           /* SSH_AUTH was told, and waits for ssh_auth_*() */
	struct buf list;      /* methods that can continue */
	bool partial;         /* the last one was right, but more is needed */
	struct buf alg, blob; /* of the key being tried */
	struct buf request;   /* the request to be signed, without the session id */
	struct buf info;      /* INFO_REQUEST, which prompts points into */
	struct ssh_prompts prompts;
	unsigned infos, banners;
};

void userauth_finish(struct userauth *u);

/* Asks for the service and, through SSH_AUTH, for the first method. */
void userauth_start(struct ssh *s);

bool userauth_waits(const struct ssh *s); /* for an answer of the application */
void userauth_signed(struct ssh *s, struct slice signature);

enum err userauth_on_service(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err userauth_on_failure(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err userauth_on_success(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err userauth_on_banner(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err userauth_on_60(struct ssh *s, struct wire *in, struct ssh_event *ev);
