#include "version.h"

const char version_number[] = GINNEL_VERSION;
const char version_software[] = "ginnel_" GINNEL_VERSION;
