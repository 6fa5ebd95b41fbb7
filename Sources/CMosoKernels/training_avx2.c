#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "training.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define MK_SIMD_AVX2
#define MK_TABLE mk_training_avx2
#define MK_MIXED_TABLE mk_training_avx2_mixed
#include "training/f32.h"
#pragma clang attribute pop
#endif
