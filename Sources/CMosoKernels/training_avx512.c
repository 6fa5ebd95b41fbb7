#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "training.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,f16c,fma"))), apply_to = function)
#define MK_SIMD_AVX512
#define MK_TABLE mk_training_avx512
#define MK_MIXED_TABLE mk_training_avx512_mixed
#include "training/f32.h"
#pragma clang attribute pop
#endif
