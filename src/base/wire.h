/* wire -- reads the data types of SSH messages from a view of bytes.
 *
 * RFC 4251 §5. Nothing is copied: strings are views into the input. The first error sticks: after
 * it every read gives zero or an empty string, and wire_end() reports it, so a message is read
 * field by field and judged once. No read can leave the input, whatever lengths it claims.
 */
#pragma once
#include "base.h"

struct wire {
	const uint8_t *p; /* first byte not read yet */
	size_t n;         /* bytes left */
	enum err err;     /* ERR_OK, or ERR_PROTO from the first bad field on */
};

struct wire wire_in(struct slice from);

uint8_t wire_u8(struct wire *w);
bool wire_bool(struct wire *w); /* any value but 0 is true (§5) */
uint32_t wire_u32(struct wire *w);
uint64_t wire_u64(struct wire *w);
struct slice wire_string(struct wire *w);          /* uint32 length, then that many bytes */
struct slice wire_bytes(struct wire *w, size_t n); /* n bytes without a length */
struct slice wire_rest(struct wire *w);            /* all that is left */

/* mpint: two's complement, shortest form; the view is without leading zero bytes. A negative
 * number, or one not in its shortest form, is an error. */
struct slice wire_mpint(struct wire *w);

/* ERR_OK when every field was there and no byte is left over, else ERR_PROTO. */
MUST_USE enum err wire_end(struct wire *w);

/* Takes the next name off a name-list, which is only ASCII names with commas between (§5). False
 * when the list is used up. */
bool wire_name(struct slice *list, struct slice *name);
