/* version -- what this program calls itself. */
#pragma once

extern const char version_software[]; /* in our identification line: "ginnel_0.1.0" */
extern const char version_number[];   /* "0.1.0" */
