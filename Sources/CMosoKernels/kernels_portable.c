#include <math.h>
#define MK_TABLE mk_kernels_portable
#define MK_TABLE_NAME "portable"
#define MK_TRAINING mk_training_portable
#define MK_MIXED_TRAINING mk_training_portable_mixed
#include "simd/table.h"
