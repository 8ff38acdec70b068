/* see watch -- each fork, exec and exit as it happens, until a signal, --count or --for ends it. */
#include "see_run.h"
#include "watch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ms(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* A descriptor that can be read when the user wants to end; -1: only as signals end any program. */
static int stop_signals(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, before);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Milliseconds until the run ends by itself; -1: never. */
static int time_left(const struct see_run *r, uint64_t began)
{
	uint64_t gone = now_ms() - began, all = r->seconds * 1000;

	if (r->seconds == 0)
		return -1;
	if (gone >= all)
		return 0;
	return all - gone > INT32_MAX ? INT32_MAX : (int)(all - gone);
}

static enum why follow(struct see_run *r, struct watch *w, int fd, int stop)
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN }, { .fd = stop, .events = POLLIN } };
	uint64_t began = now_ms();
	enum why why = WHY_OK;
	int left;

	while (why == WHY_OK && !w->nomem && (left = time_left(r, began)) != 0) {
		if (poll(p, 2, left) < 0 && errno != EINTR)
			return WHY_FAILED;
		if (p[1].revents != 0 || (r->count != 0 && w->events >= r->count))
			break;
		if (p[0].revents != 0)
			why = procconn_read(fd, 0, watch_event, w);
		/* Whoever reads along wants each line at once. */
		if (!out_flush(&r->out))
			break;
	}
	return w->nomem ? WHY_FAILED : why;
}

static int cannot_watch(enum why why)
{
	if (why == WHY_DENIED)
		see_say("the kernel tells process events only to root (CAP_NET_ADMIN) outside of "
		        "containers; try as root");
	else if (why == WHY_ABSENT)
		see_say("this kernel tells no process events (CONFIG_PROC_EVENTS is off)");
	else
		see_say("process events cannot be read: %s", why_text(why));
	return SEE_FAILED;
}

int see_watch(struct see_run *r)
{
	struct watch w = { .b = BUF_EMPTY };
	sigset_t before;
	int fd, stop;
	enum why why = procconn_open(&fd);

	if (why != WHY_OK)
		return cannot_watch(why);
	stop = stop_signals(&before);
	if (!watch_init(&w, &r->view))
		why = WHY_FAILED;
	if (why == WHY_OK) {
		see_say("watching; Ctrl-C ends it");
		why = follow(r, &w, fd, stop);
	}
	watch_finish(&w);
	close(fd);
	if (stop >= 0)
		close(stop);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (why != WHY_OK)
		return cannot_watch(why);
	return r->view.incomplete ? SEE_INCOMPLETE : SEE_OK;
}
