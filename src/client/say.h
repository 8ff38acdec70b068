/* say -- what the program tells the person: one clean line each, to standard error or a log file.
 *
 * Every line begins with "ginnel: " and, where one hop is meant, with its name. What comes from a
 * peer must have been cleaned (text_clean()) before it is handed in.
 */
#pragma once
#include "base.h"

enum say_level { SAY_ERROR, SAY_WARNING, SAY_INFO, SAY_VERBOSE, SAY_DEBUG };

struct say {
	int fd;              /* where to; 2 unless -E names a file */
	enum say_level most; /* what is shown */
	bool silent;         /* not even errors (-q, LogLevel QUIET) */
};

void say_init(struct say *s);
/* Appends to the file from now on (-E). ERR_SYS: it cannot be opened; errno says why. */
MUST_USE enum err say_to_file(struct say *s, const char *path);
void say_finish(struct say *s);

/* hop may be NULL. One line, or several when the text has newlines of its own. */
void say(const struct say *s, enum say_level level, const char *hop, const char *fmt, ...)
    PRINTF(4, 5);
/* Text as it is, without a name before it: for what has lines of its own. */
void say_raw(const struct say *s, enum say_level level, const char *text);
