#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define MK_SIMD_AVX2
#define MK_TABLE mk_kernels_avx2
#define MK_TABLE_NAME "avx2"
#define MK_TRAINING mk_training_avx2
#define MK_MIXED_TRAINING mk_training_avx2_mixed
#include "simd/table.h"
#pragma clang attribute pop
#endif
