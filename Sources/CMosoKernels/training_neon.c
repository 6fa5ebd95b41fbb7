#if defined(__aarch64__)
#include <arm_neon.h>
#include <math.h>

#include "training.h"
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define MK_SIMD_NEON
#define MK_TABLE mk_training_neon
#define MK_MIXED_TABLE mk_training_neon_mixed
#include "training/f32.h"
#pragma clang attribute pop
#endif
