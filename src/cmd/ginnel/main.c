/* ginnel -- the program: finds the command and runs it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "help.h"
#include "version.h"

/* A program started with closed standard descriptors would give their numbers to its sockets, and
 * then print into them. */
static void hold_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static int run(int argc, char **argv)
{
	const struct command *c;

	if (argc < 2) {
		help_overview();
		return 255;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0 ||
	    strcmp(argv[1], "version") == 0) {
		printf("ginnel %s\n", version_number);
		return 0;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help_overview();
		return 0;
	}
	c = command_find(argv[1]);
	if (c == NULL) {
		help_unknown(argv[1]);
		return 255;
	}
	return c->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	int status;

	hold_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	status = run(argc, argv);
	if (fflush(stdout) != 0 && status == 0)
		status = 255;
	return status;
}
