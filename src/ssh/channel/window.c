#include "window.h"

#include <assert.h>

void window_init(struct window *w, uint32_t recv_size, uint32_t peer_window, uint32_t peer_packet)
{
	*w = (struct window) {
		.send_left = peer_window,
		.send_packet = peer_packet,
		.recv_left = recv_size,
		.recv_size = recv_size,
	};
}

size_t window_room(const struct window *w)
{
	return w->send_left < w->send_packet ? w->send_left : w->send_packet;
}

void window_sent(struct window *w, size_t n)
{
	assert(n <= window_room(w));
	w->send_left -= (uint32_t)n;
}

enum err window_received(struct window *w, size_t n)
{
	if (n > w->recv_left)
		return ERR_PROTO;
	w->recv_left -= (uint32_t)n;
	return ERR_OK;
}

enum err window_granted(struct window *w, uint32_t n)
{
	if (n > UINT32_MAX - w->send_left)
		return ERR_PROTO;
	w->send_left += n;
	return ERR_OK;
}

uint32_t window_consumed(struct window *w, size_t n)
{
	uint32_t grant;

	assert(n <= w->recv_size - w->recv_left - w->recv_owed);
	w->recv_owed += (uint32_t)n;
	if (w->recv_owed < w->recv_size / 2)
		return 0;

	grant = w->recv_owed;
	w->recv_owed = 0;
	w->recv_left += grant;
	return grant;
}
