#include "trustfiles.h"

#include <string.h>

#include "file.h"
#include "host.h"
#include "knownhosts.h"
#include "text.h"

enum { KNOWN_HOSTS_MAX = 60 * 1024 * 1024 }; /* bytes */

static enum err load_one(const struct host *hop, const char *path, struct knownhosts *known,
                         struct knownhosts *portless)
{
	struct buf content = BUF_EMPTY;
	struct err_text why;
	enum err e = file_read(path, KNOWN_HOSTS_MAX, &content, &why);

	/* /dev/null is how people say "no file" */
	if (e == ERR_NONE || (e == ERR_PROTO && strcmp(path, "/dev/null") == 0)) {
		buf_finish(&content);
		return ERR_OK;
	}
	if (e != ERR_OK)
		say(hop->around->say, SAY_ERROR, hop->name, "%s", why.text);
	if (e == ERR_OK)
		e = knownhosts_load(known, path, buf_slice(&content));
	if (e == ERR_OK && portless != NULL)
		e = knownhosts_load(portless, path, buf_slice(&content));
	buf_finish(&content);
	return e;
}

static enum err load_all(const struct host *hop, const struct words *paths,
                         struct knownhosts *known, struct knownhosts *portless)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < paths->n; i++)
		if (strcmp(paths->v[i], "none") != 0)
			e = load_one(hop, paths->v[i], known, portless);
	return e;
}

static void tell_bad(const struct host *hop, const struct knownhosts *known)
{
	const struct knownhosts_bad *bad;
	char path[300];

	for (size_t i = 0; (bad = knownhosts_bad_at(known, i)) != NULL; i++)
		say(hop->around->say, SAY_VERBOSE, hop->name, "%s line %zu is passed over: %s",
		    text_clean(slice_of(bad->path), path, sizeof path), bad->line, bad->why);
}

enum err trustfiles_load(const struct host *hop, struct knownhosts *known,
                         struct knownhosts *portless)
{
	enum err e = load_all(hop, &hop->o->user_known_hosts_file, known, portless);

	if (e == ERR_OK)
		e = load_all(hop, &hop->o->global_known_hosts_file, known, portless);
	tell_bad(hop, known);
	return e;
}
