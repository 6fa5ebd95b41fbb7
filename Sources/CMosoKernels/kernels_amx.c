// AVX-512 kernels, but for attention over bfloat16, which uses matrix instructions.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,f16c,fma,amx-tile,amx-bf16"))), \
    apply_to = function)
#define MK_SIMD_AVX512
#define MK_SIMD_AMX
#include "dispatch.h"
#include "simd/vectors.h"

#include "simd/math.h"

#include "simd/bf16.h"
#include "simd/pages.h"

#include "simd/attention_bf16.h"

static void attend(const mk_attention *a, mk_pages pages, size_t head, size_t position, size_t tokens,
                   const float *queries, float *outputs, float *scratch) {
  if (a->type == MK_BF16) {
    attend_bf16(a, pages, head, position, tokens, queries, outputs, scratch);
  } else {
    mk_kernels_avx512.attend(a, pages, head, position, tokens, queries, outputs, scratch);
  }
}

static void attend_span(const mk_attention *a, mk_pages pages, size_t head, size_t position, size_t span,
                        const float *query, float *partial, float *scratch) {
  if (a->type == MK_BF16) {
    attend_one_span_bf16(a, pages, head, position, span, query, partial, scratch);
  } else {
    mk_kernels_avx512.attend_span(a, pages, head, position, span, query, partial, scratch);
  }
}

mk_kernels mk_kernels_amx(void) {
  mk_kernels kernels = mk_kernels_avx512;
  kernels.name = "avx512-vnni-amx";
  kernels.attend = attend;
  kernels.attend_span = attend_span;
  kernels.spin_matrix = spin_matrix_bf16;
  return kernels;
}
#pragma clang attribute pop
#endif
