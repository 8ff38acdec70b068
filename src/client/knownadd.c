#include "knownadd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "host.h"
#include "knownedit.h"

enum { KNOWN_HOSTS_MAX = 60 * 1024 * 1024 }; /* bytes */

#define LOCK_WAIT UINT64_C(2000000000) /* ns */

/* ~/.ssh may not be there yet. */
static void make_folder(const char *path)
{
	char folder[4096];
	const char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path || (size_t)(slash - path) >= sizeof folder)
		return;
	memcpy(folder, path, (size_t)(slash - path));
	folder[slash - path] = '\0';
	(void)mkdir(folder, 0700); /* if it fails, writing the file says why */
}

static enum err add_locked(const struct host *hop, const char *path, const char *name,
                           struct slice blob, struct err_text *why)
{
	const struct knownedit edit = { .name = slice_of(name),
		                        .keys = &blob,
		                        .count = 1,
		                        .hash = hop->o->hash_known_hosts > 0 };
	struct buf content = BUF_EMPTY, changed = BUF_EMPTY;
	enum err e = file_read(path, KNOWN_HOSTS_MAX, &content, why);

	if (e == ERR_NONE)
		e = ERR_OK;
	if (e == ERR_OK) {
		e = knownedit_add(&edit, buf_slice(&content), hop->around->rng, &changed);
		if (e != ERR_OK)
			err_text_set(why, "the line could not be made: %s", err_text(e));
		else
			e = file_replace(path, buf_slice(&changed), why);
	}
	buf_finish(&content);
	buf_finish(&changed);
	return e;
}

enum err knownadd(const struct host *hop, const char *name, struct slice blob, char *why,
                  size_t why_size)
{
	const struct words *files = &hop->o->user_known_hosts_file;
	struct file_lock *lock = NULL;
	struct err_text text = { "" };
	enum err e = ERR_NONE;

	if (files->n == 0 || strcmp(files->v[0], "none") == 0 ||
	    strcmp(files->v[0], "/dev/null") == 0) {
		snprintf(why, why_size, "UserKnownHostsFile names no file");
		return ERR_NONE;
	}
	make_folder(files->v[0]);
	e = file_lock(files->v[0], LOCK_WAIT, &lock, &text);
	if (e == ERR_OK)
		e = add_locked(hop, files->v[0], name, blob, &text);
	file_unlock(lock);
	snprintf(why, why_size, "%s", text.text);
	return e;
}
