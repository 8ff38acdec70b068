/* ssh_command -- `ginnel ssh`: ssh(1)'s command line, for forwarding. */
#pragma once

extern const char ssh_command_usage[];

int cmd_ssh(int argc, char **argv);
