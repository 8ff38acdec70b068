#include "command.h"

#include <string.h>

#include "base.h"
#include "help.h"
#include "ssh_command.h"
#include "text.h"

static const struct command commands[] = {
	{ "ssh", cmd_ssh, "forward ports, sockets and SOCKS through a chain of SSH servers",
	  ssh_command_usage },
	{ "help", cmd_help, "what a command does and takes", "Usage: ginnel help [COMMAND]\n" },
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

const struct command *command_at(size_t i)
{
	return i < ARRAY_LEN(commands) ? &commands[i] : NULL;
}

const char *command_nearest(const char *name)
{
	const char *names[ARRAY_LEN(commands)];

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		names[i] = commands[i].name;
	return text_nearest(name, names, ARRAY_LEN(commands));
}
