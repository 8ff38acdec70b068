#include "help.h"

#include <stdio.h>

#include "base.h"
#include "command.h"
#include "text.h"
#include "version.h"

void help_overview(void)
{
	const struct command *c;

	printf(
	    "ginnel %s: to Linux machines behind firewalls, over the SSH that is already there.\n\n"
	    "Usage: ginnel COMMAND [options]\n\n",
	    version_number);
	for (size_t i = 0; (c = command_at(i)) != NULL; i++)
		printf("  %-6s %s\n", c->name, c->brief);
	printf(
	    "\n`ginnel help COMMAND` says what it takes. For example, a database behind two jump "
	    "hosts:\n\n    ginnel ssh -J bastion,inner -L 5432:db:5432 app\n");
}

void help_unknown(const char *name)
{
	const char *near = command_nearest(name);
	char clean[128];

	text_clean(slice_of(name), clean, sizeof clean);
	if (near != NULL)
		fprintf(stderr, "ginnel: there is no command '%s'; did you mean 'ginnel %s'?\n",
		        clean, near);
	else
		fprintf(stderr, "ginnel: there is no command '%s'; `ginnel help` lists them\n",
		        clean);
}

int cmd_help(int argc, char **argv)
{
	const struct command *c;

	if (argc < 2) {
		help_overview();
		return 0;
	}
	c = command_find(argv[1]);
	if (c == NULL) {
		help_unknown(argv[1]);
		return 255;
	}
	printf("ginnel %s: %s\n\n%s", c->name, c->brief, c->usage);
	return 0;
}
