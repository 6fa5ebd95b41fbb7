#include <math.h>
#define MK_TABLE mk_kernels_portable
#define MK_TABLE_NAME "portable"
#include "simd/table.h"
