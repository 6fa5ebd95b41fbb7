#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,f16c,fma"))), apply_to = function)
#define MK_SIMD_AVX512
#define MK_TABLE mk_kernels_avx512
#define MK_TABLE_NAME "avx512-vnni"
#define MK_TRAINING mk_training_avx512
#define MK_MIXED_TRAINING mk_training_avx512_mixed
#include "simd/table.h"
#pragma clang attribute pop
#endif
