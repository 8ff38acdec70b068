/* see -- `ginnel see`: what runs on this machine, where it came from, what it holds.
 *
 * ginnel-see(1) has the commands and options.
 */
#pragma once

/* argv[0] is "see". Returns the exit status: 0; 1 nothing was found; 2 the command line is wrong;
 * 3 the answer is incomplete; 4 nothing could be read or written. */
int cmd_see(int argc, char **argv);
