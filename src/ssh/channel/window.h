/* window -- flow control of one SSH channel, in both directions.
 *
 * RFC 4254 §5.2. Each side may send only as many bytes of channel data as the
 * other has granted. What we grant is what we may have to keep in memory, so
 * the receive window is also this channel's memory limit.
 *
 * No allocation, no I/O. All sizes are bytes of channel data, without headers.
 */
#pragma once
#include "base.h"

struct window {
	uint32_t send_left;   /* bytes the peer still lets us send */
	uint32_t send_packet; /* most bytes the peer takes in one message */
	uint32_t recv_left;   /* bytes the peer may still send us */
	uint32_t recv_size;   /* what recv_left is filled up to */
	uint32_t recv_owed;   /* bytes used up here, not yet granted again */
};

/* The peer's two numbers come from CHANNEL_OPEN or its confirmation (§5.1). */
void window_init(struct window *w, uint32_t recv_size, uint32_t peer_window, uint32_t peer_packet);

/* How many bytes may go into one CHANNEL_DATA now; 0 means wait. */
size_t window_room(const struct window *w);

/* Records n bytes sent. n <= window_room(w), or it is our own bug. */
void window_sent(struct window *w, size_t n);

/* Records n bytes received. ERR_PROTO: the peer sent more than we granted. */
MUST_USE enum err window_received(struct window *w, size_t n);

/* WINDOW_ADJUST came. ERR_PROTO: the sum would pass 2^32 - 1 (§5.2). */
MUST_USE enum err window_granted(struct window *w, uint32_t n);

/* Records that n received bytes have left our memory. Returns the n of the
 * WINDOW_ADJUST to send now, or 0: one message per half window, however
 * slowly the bytes leave. */
uint32_t window_consumed(struct window *w, size_t n);
