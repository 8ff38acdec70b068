/* refusal -- why a channel was not opened: the peer's number and words, made into one reason.
 *
 * RFC 4254 §5.1 knows four reason codes, and "connect failed" covers a closed port, a dead machine
 * and a wrong name alike. Servers say which in the text, in the words of strerror(3) and
 * gai_strerror(3); a text that is not known stays REFUSAL_FAILED, nothing is guessed.
 */
#pragma once
#include "base.h"

enum refusal {
	REFUSAL_FAILED,     /* for a reason that we do not know */
	REFUSAL_CLOSED,     /* the target refused the connection */
	REFUSAL_TIMEOUT,    /* the target did not answer */
	REFUSAL_NAME,       /* the target's name has no address */
	REFUSAL_HOST,       /* no route to the target */
	REFUSAL_NETWORK,    /* no route to the target's network */
	REFUSAL_PROHIBITED, /* the server's policy forbids it */
	REFUSAL_UNKNOWN,    /* the server does not know this kind of channel */
	REFUSAL_SHORTAGE,   /* the server has too little of something */
};

/* From SSH_CHAN_REFUSED: reason is its code, words its data. */
enum refusal refusal_of(uint32_t reason, struct slice words);

enum { REFUSAL_TEXT = 512 }; /* a buffer of so many bytes holds a sentence about usual names */

/* One sentence for a person: that by (a name) could not connect to what ("db port 5432"), why, and
 * what to look at. by and what are safe to show; the peer's words are cleaned. Cut to size - 1
 * bytes. Returns dst. */
char *refusal_text(enum refusal why, struct slice words, const char *what, const char *by,
                   char *dst, size_t size);
