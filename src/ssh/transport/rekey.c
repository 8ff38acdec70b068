#include "rekey.h"

#include "session.h"

/* RFC 4344 §3.1: well before the sequence number comes round. */
#define PACKETS_MAX (UINT64_C(1) << 31)

#define SECOND UINT64_C(1000000000)

static uint64_t bytes_max(const struct ssh *s, const struct aead *a)
{
	uint64_t most = aead_limit(a);

	if (s->conf->rekey_bytes != 0 && s->conf->rekey_bytes < most)
		most = s->conf->rekey_bytes;
	return most;
}

static bool due(const struct ssh *s)
{
	return s->tx.keyed_bytes >= bytes_max(s, s->tx.aead) ||
	       s->rx.keyed_bytes >= bytes_max(s, s->rx.aead) ||
	       s->tx.keyed_packets >= PACKETS_MAX || s->rx.keyed_packets >= PACKETS_MAX;
}

void rekey_check(struct ssh *s)
{
	if (s->state == ST_OPEN && s->exchange == NULL && due(s))
		exchange_start(s);
}

/* The person at the keyboard is not the peer's fault: no deadline runs while an answer of ours is
 * waited for. */
static uint64_t first_deadline(const struct ssh *s)
{
	if (session_open(s) || exchange_waits(s) || userauth_waits(s))
		return UINT64_MAX;
	if (s->rx.aead == NULL && s->conf->kex_timeout != 0)
		return s->born + s->conf->kex_timeout;
	if (s->conf->login_timeout != 0)
		return s->born + s->conf->login_timeout;
	return UINT64_MAX;
}

static uint64_t alive_deadline(const struct ssh *s)
{
	if (!session_open(s) || s->conf->alive_time == 0)
		return UINT64_MAX;
	return s->alive_at + s->conf->alive_time;
}

static uint64_t age_deadline(const struct ssh *s)
{
	if (s->state != ST_OPEN || s->exchange != NULL || s->conf->rekey_time == 0)
		return UINT64_MAX;
	return s->keyed_at + s->conf->rekey_time;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t rekey_deadline(const struct ssh *s)
{
	if (session_dead(s))
		return UINT64_MAX;
	return least(least(first_deadline(s), s->kex_deadline),
	             least(alive_deadline(s), age_deadline(s)));
}

static void ask_alive(struct ssh *s)
{
	if (s->alive_asked >= s->conf->alive_max) {
		session_die(s, ERR_LIMIT, REASON_NONE,
		            "no answer for %llu seconds; the connection is taken for dead",
		            (unsigned long long)((s->now - s->heard_at) / SECOND));
		return;
	}
	s->alive_asked++;
	s->alive_at = s->now;
	global_alive(s);
}

void rekey_tick(struct ssh *s)
{
	if (s->now >= first_deadline(s))
		session_die(s, ERR_LIMIT, REASON_NONE,
		            s->state == ST_IDENT ? "the peer did not say its SSH version in time"
		            : s->rx.aead == NULL ? "the key exchange took too long"
		                                 : "the login took too long");
	else if (s->now >= s->kex_deadline)
		session_die(s, ERR_LIMIT, REASON_KEX,
		            "the peer did not finish a change of keys within %d seconds",
		            EXCHANGE_TIMEOUT_S);
	else if (s->now >= alive_deadline(s))
		ask_alive(s);
	if (s->now >= age_deadline(s))
		exchange_start(s);
}
