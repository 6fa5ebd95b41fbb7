#include "mk_isa.h"

const char *mk_isa_name(void) { return "portable"; }
