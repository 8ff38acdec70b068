#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 2048 };

void say_init(struct say *s)
{
	*s = (struct say) { .fd = STDERR_FILENO, .most = SAY_INFO };
}

enum err say_to_file(struct say *s, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);

	if (fd < 0)
		return ERR_SYS;
	say_finish(s);
	s->fd = fd;
	return ERR_OK;
}

void say_finish(struct say *s)
{
	if (s->fd > STDERR_FILENO)
		close(s->fd);
	s->fd = STDERR_FILENO;
}

/* A log that cannot be written to must not stop the program: what does not go out is lost. */
static void put(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return;
		p += put;
		n -= (size_t)put;
	}
}

static bool shown(const struct say *s, enum say_level level)
{
	return !s->silent && level <= s->most;
}

void say(const struct say *s, enum say_level level, const char *hop, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;
	int n, m;

	if (!shown(s, level))
		return;
	n = snprintf(line, sizeof line, "ginnel: %.255s%s", hop == NULL ? "" : hop,
	             hop == NULL ? "" : ": ");
	if (n < 0)
		return;
	va_start(args, fmt);
	m = vsnprintf(line + n, sizeof line - (size_t)n - 1, fmt, args);
	va_end(args);
	if (m < 0)
		return;
	n = (int)strlen(line);
	line[n++] = '\n';
	put(s->fd, line, (size_t)n);
}

void say_raw(const struct say *s, enum say_level level, const char *text)
{
	if (shown(s, level))
		put(s->fd, text, strlen(text));
}
