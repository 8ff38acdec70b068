/* see tree -- who started whom. */
#include "see_run.h"
#include "tree.h"

int see_tree(struct see_run *r)
{
	uint32_t pid = 0;
	enum why why;

	if (r->argc > 0 && !see_number(r->argv[0], &pid)) {
		see_say("%s: give the number of the process at the top", r->argv[0]);
		return SEE_USAGE;
	}
	why = view_take(&r->view, SCAN_ARGV | SCAN_USER, 0, false);
	if (why == WHY_OK)
		why = tree_write(&r->view, pid);
	if (why == WHY_GONE) {
		see_say("there is no process %u", pid);
		return SEE_NOTHING;
	}
	return why != WHY_OK ? see_cannot(why) : see_status(r, true);
}
