#include <math.h>

#include "training.h"
#define MK_TABLE mk_training_portable
#define MK_MIXED_TABLE mk_training_portable_mixed
#include "training/f32.h"
