/* forwards -- all -L, -R, -D and -W of one client: sets them up once the last hop is there, finds the
 * one that a channel of the far end belongs to.
 */
#pragma once
#include "base.h"

struct client;
struct forwards;
struct ssh_event;

struct forwards *forwards_new(struct client *c); /* NULL when out of memory */
void forwards_free(struct forwards *f);          /* closes the listeners; NULL is fine */

/* The last hop is logged in: listens here, and asks it to listen there. ready is called once, when
 * all have succeeded or failed; ok: none failed. */
void forwards_start(struct forwards *f, void (*ready)(struct client *c, bool ok));

/* SSH_GLOBAL_REPLY of the last hop. */
void forwards_reply(struct forwards *f, const struct ssh_event *ev);

/* SSH_CHAN_ASKED of the last hop: accepts or refuses it. */
void forwards_asked(struct forwards *f, uint32_t chan);
