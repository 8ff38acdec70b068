/* channel -- the table of channels: many byte streams in one connection, each with its windows.
 *
 * RFC 4254 §5. Ids of ours are indices into the table; one is used again only after both sides have
 * closed it. Events that no packet brings (room came back, say) are marked in the channel and told
 * from a list, so none is lost when memory runs out.
 */
#pragma once
#include "buf.h"
#include "list.h"
#include "ssh.h"
#include "window.h"
#include "wire.h"

enum chan_state {
	CHAN_OPENING, /* our CHANNEL_OPEN waits for its answer */
	CHAN_ASKED,   /* the peer's waits for ours */
	CHAN_OPEN,
};

enum { CHAN_TOLD_ROOM = 1, CHAN_TOLD_CLOSED = 2, CHAN_TOLD_REFUSED = 4 };

enum { CHAN_REPLIES_MAX = 64 }; /* chan_request()s without their reply yet */

struct chan {
	uint32_t id, peer_id;
	enum chan_state state;
	struct window window;
	bool eof_sent, eof_got, close_sent, close_got;
	bool starved;     /* chan_room() was 0 when somebody asked: tell when it is not */
	unsigned tell;    /* CHAN_TOLD_*: events that wait in channels.telling */
	struct list link; /* in channels.telling */
	void *ctx;
	unsigned replies_due; /* CHANNEL_SUCCESS or _FAILURE still to come */
	unsigned answers_due; /* and still to be given */
	struct buf open;      /* the peer's CHANNEL_OPEN, which target points into */
	struct chan_target target;
};

struct channels {
	struct chan **table;
	size_t size, count;
	size_t free_from;    /* no free id below */
	struct list telling; /* channels with something to tell */
};

void channels_init(struct channels *c);
void channels_finish(struct channels *c);

struct chan *channel_find(const struct ssh *s, uint32_t id); /* NULL: no such channel */
MUST_USE enum err channel_new(struct ssh *s, struct chan **out);
void channel_free(struct ssh *s, struct chan *c); /* its id may be used again */

void channel_tell(struct ssh *s, struct chan *c, unsigned what);

/* After a change of keys: whoever was starved may send again. */
void channels_note_room(struct ssh *s);

/* The next event that waits in channels.telling; false: none. */
bool channels_next(struct ssh *s, struct ssh_event *ev);

enum err channel_on_open(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_confirm(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_open_failure(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_window(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_data(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_extended(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_eof(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_close(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_request(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_success(struct ssh *s, struct wire *in, struct ssh_event *ev);
enum err channel_on_failure(struct ssh *s, struct wire *in, struct ssh_event *ev);

/* Reads the recipient channel, which must be one of ours in one of the states allowed (bits of
 * 1 << enum chan_state); NULL is a protocol error. */
struct chan *channel_read(struct ssh *s, struct wire *in, unsigned states);

/* Sends a message that is only a type and the peer's number. */
void channel_send_short(struct ssh *s, const struct chan *c, uint8_t type);

/* Both sides have closed: forgets it, and tells. */
void channel_settle(struct ssh *s, struct chan *c);
