#if defined(__aarch64__)
#include <arm_neon.h>
#include <math.h>
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define MK_SIMD_NEON
#define MK_TABLE mk_kernels_neon
#define MK_TABLE_NAME "neon-dotprod"
#define MK_TRAINING mk_training_neon
#define MK_MIXED_TRAINING mk_training_neon_mixed
#include "simd/table.h"
#pragma clang attribute pop
#endif
