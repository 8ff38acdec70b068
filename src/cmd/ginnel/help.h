/* help -- `ginnel help [COMMAND]`, and what `ginnel` alone prints. */
#pragma once

int cmd_help(int argc, char **argv);
void help_overview(void);
/* Says on standard error that there is no such command, and which one may be meant. */
void help_unknown(const char *name);
