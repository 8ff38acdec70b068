#include "refusal.h"

#include <stdio.h>
#include <string.h>

#include "ssh.h"
#include "text.h"

/* What servers say, in small letters: strerror(3) and gai_strerror(3) of Linux, the BSDs and
 * Windows, and the words of Go's net package. The first that is found counts. */
static const struct {
	const char *words;
	enum refusal why;
} phrases[] = {
	{ "connection refused", REFUSAL_CLOSED },
	{ "actively refused", REFUSAL_CLOSED },
	{ "connection reset", REFUSAL_CLOSED },
	{ "timed out", REFUSAL_TIMEOUT },
	{ "timeout", REFUSAL_TIMEOUT },
	{ "network is unreachable", REFUSAL_NETWORK },
	{ "network unreachable", REFUSAL_NETWORK },
	{ "no route to host", REFUSAL_HOST },
	{ "host is unreachable", REFUSAL_HOST },
	{ "host unreachable", REFUSAL_HOST },
	{ "host is down", REFUSAL_HOST },
	{ "name or service not known", REFUSAL_NAME },
	{ "no address associated", REFUSAL_NAME },
	{ "name resolution", REFUSAL_NAME },
	{ "nodename nor servname", REFUSAL_NAME },
	{ "name does not resolve", REFUSAL_NAME },
	{ "no such host", REFUSAL_NAME },
	{ "unknown host", REFUSAL_NAME },
	{ "host not found", REFUSAL_NAME },
	{ "prohibited", REFUSAL_PROHIBITED },
	{ "permission denied", REFUSAL_PROHIBITED },
};

/* Only these many bytes of what the peer wrote are looked at. */
enum { WORDS_MAX = 256 };

static bool contains(struct slice text, const char *words)
{
	char low[WORDS_MAX + 1];
	size_t n = text.n < WORDS_MAX ? text.n : WORDS_MAX;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = text.p[i];

		low[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c == 0 ? ' ' : c);
	}
	low[n] = '\0';
	return strstr(low, words) != NULL;
}

static enum refusal refusal_of_words(struct slice words)
{
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
		if (contains(words, phrases[i].words))
			return phrases[i].why;
	return REFUSAL_FAILED;
}

enum refusal refusal_of(uint32_t reason, struct slice words)
{
	switch (reason) {
	case CHAN_PROHIBITED: return REFUSAL_PROHIBITED;
	case CHAN_CONNECT_FAILED: return refusal_of_words(words);
	case CHAN_UNKNOWN_TYPE: return REFUSAL_UNKNOWN;
	case CHAN_SHORTAGE: return REFUSAL_SHORTAGE;
	default: return REFUSAL_FAILED;
	}
}

/* before WHAT middle BY after: what happened, to what, who was asked, and what to look at. */
struct sentence {
	const char *before, *middle, *after;
};

static const struct sentence sentences[] = {
	[REFUSAL_FAILED] = { "connection to ", " failed (asked by ", "); see the log there" },
	[REFUSAL_CLOSED] = { "connection to ", " refused (asked by ",
	                     "); is the service running there?" },
	[REFUSAL_TIMEOUT] = { "no answer from ", " (asked by ",
	                      "); is it up, and is a firewall in between?" },
	[REFUSAL_NAME] = { "no address found for ", " (asked by ",
	                   "); check the name: it is looked up there" },
	[REFUSAL_HOST] = { "no route to ", " (asked by ",
	                   "); check the address: it is reached from there" },
	[REFUSAL_NETWORK] = { "no route to the network of ", " (asked by ",
	                      "); check the address: it is reached from there" },
	[REFUSAL_PROHIBITED] = { "connection to ", " is not allowed by ",
	                         "; see AllowTcpForwarding, PermitOpen and the key's options "
	                         "there" },
	[REFUSAL_UNKNOWN] = { "connection to ",
	                      " is not possible: ", " does not offer this kind of forward" },
	[REFUSAL_SHORTAGE] = { "connection to ",
	                       " failed: ", " is short of resources; try again later" },
};

char *refusal_text(enum refusal why, struct slice words, const char *what, const char *by,
                   char *dst, size_t size)
{
	const struct sentence *s = &sentences[why];
	char said[120];
	bool quote = why == REFUSAL_FAILED && words.n > 0;

	snprintf(dst, size, "%s%s%s%s%s%s%s%s", s->before, what, s->middle, by, s->after,
	         quote ? "; it said \"" : "", quote ? text_clean(words, said, sizeof said) : "",
	         quote ? "\"" : "");
	return dst;
}
