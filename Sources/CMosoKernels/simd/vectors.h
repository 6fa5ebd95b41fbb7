// Sixteen lanes of 32 bits, on whatever registers the target has.
//
// Clang's vector extensions lower one 64-byte vector to one AVX-512, two AVX or four NEON/SSE registers, so the kernels
// are written once. Only what has no portable spelling (8-bit dot products, half precision, table look-up) is given per
// instruction set below. Every operation rounds the same way on every target: the same bits everywhere.
//
// This header is included once per instruction set, inside that set's `#pragma clang attribute` region.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Vectors cross only functions that are inlined, so how they would be passed does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

// A multiplication and an addition are fused where the code says so, and nowhere else.
#pragma STDC FP_CONTRACT OFF

// Loops over a tile's registers: only once they are unrolled does an array of vectors become registers.
#define MK_UNROLL _Pragma("clang loop unroll(full)")

#define MK_INLINE static inline __attribute__((always_inline))

typedef float f32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));
typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef uint16_t u16x32 __attribute__((vector_size(64)));
typedef uint8_t u8x64 __attribute__((vector_size(64)));
typedef uint16_t u16x16 __attribute__((vector_size(32)));
typedef int8_t i8x16 __attribute__((vector_size(16)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));

typedef f32x16 f32x16_unaligned __attribute__((aligned(4), may_alias));
typedef u8x64 u8x64_unaligned __attribute__((aligned(1), may_alias));
typedef u16x16 u16x16_unaligned __attribute__((aligned(2), may_alias));
typedef i8x16 i8x16_unaligned __attribute__((aligned(1), may_alias));
typedef u8x16 u8x16_unaligned __attribute__((aligned(1), may_alias));

MK_INLINE f32x16 load_f32(const float *p) { return *(const f32x16_unaligned *)p; }
MK_INLINE void store_f32(float *p, f32x16 v) { *(f32x16_unaligned *)p = v; }
MK_INLINE u8x64 load_u8(const uint8_t *p) { return *(const u8x64_unaligned *)p; }
MK_INLINE void store_u8(uint8_t *p, u8x64 v) { *(u8x64_unaligned *)p = v; }

// Spelled out: adding a scalar to a vector of zeros would be an addition, for the sake of negative zero.
MK_INLINE f32x16 splat_f32(float x) { return (f32x16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
MK_INLINE i32x16 splat_i32(int32_t x) { return (i32x16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

MK_INLINE f32x16 fma_f32(f32x16 a, f32x16 b, f32x16 c) { return __builtin_elementwise_fma(a, b, c); }

/// `yes` in the lanes where `mask` is all ones, `no` where it is zero.
MK_INLINE f32x16 where_f32(i32x16 mask, f32x16 yes, f32x16 no) {
  return (f32x16)(((i32x16)yes & mask) | ((i32x16)no & ~mask));
}

/// Where either is a NaN, the result is `b`.
MK_INLINE f32x16 max_f32(f32x16 a, f32x16 b) { return where_f32(a > b, a, b); }
/// Where either is a NaN, the result is `b`.
MK_INLINE f32x16 min_f32(f32x16 a, f32x16 b) { return where_f32(a < b, a, b); }
MK_INLINE f32x16 to_f32(i32x16 v) { return __builtin_convertvector(v, f32x16); }

/// The low and high nibbles of each byte.
MK_INLINE u8x64 low_nibbles(u8x64 v) { return v & 0x0f; }
MK_INLINE u8x64 high_nibbles(u8x64 v) { return (u8x64)((u16x32)v >> 4) & 0x0f; }

/// The first `count` of sixteen floats, where rows are no multiple of sixteen.
MK_INLINE void store_f32_partial(float *p, f32x16 v, size_t count) {
  if (count >= 16) {
    store_f32(p, v);
  } else {
    memcpy(p, &v, count * sizeof(float));
  }
}

MK_INLINE f32x16 load_f32_partial(const float *p, size_t count) {
  if (count >= 16) return load_f32(p);
  f32x16 v = {};
  memcpy(&v, p, count * sizeof(float));
  return v;
}

/// bfloat16 is the upper half of a float.
MK_INLINE f32x16 load_bf16(const uint16_t *p) {
  return (f32x16)(__builtin_convertvector(*(const u16x16_unaligned *)p, u32x16) << 16);
}

MK_INLINE f32x16 load_i8_as_f32(const int8_t *p) {
  return __builtin_convertvector(*(const i8x16_unaligned *)p, f32x16);
}

MK_INLINE f32x16 load_u8_as_f32(const uint8_t *p) {
  return __builtin_convertvector(*(const u8x16_unaligned *)p, f32x16);
}

typedef float f32x8 __attribute__((vector_size(32)));
typedef float f32x4 __attribute__((vector_size(16)));
typedef int32_t i32x8 __attribute__((vector_size(32)));
typedef int32_t i32x4 __attribute__((vector_size(16)));

MK_INLINE f32x8 max_f32x8(f32x8 a, f32x8 b) {
  i32x8 mask = a > b;
  return (f32x8)(((i32x8)a & mask) | ((i32x8)b & ~mask));
}
MK_INLINE f32x4 max_f32x4(f32x4 a, f32x4 b) {
  i32x4 mask = a > b;
  return (f32x4)(((i32x4)a & mask) | ((i32x4)b & ~mask));
}

/// The sum of all lanes, always in this order: halves folded onto each other.
MK_INLINE float sum_f32(f32x16 v) {
  f32x8 eight = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  f32x4 four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) + __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
  f32x4 two = four + __builtin_shufflevector(four, four, 2, 3, 2, 3);
  return two[0] + two[1];
}

/// The largest lane, if none is a NaN.
MK_INLINE float max_lane_f32(f32x16 v) {
  f32x8 eight = max_f32x8(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7),
                          __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
  f32x4 four = max_f32x4(__builtin_shufflevector(eight, eight, 0, 1, 2, 3),
                         __builtin_shufflevector(eight, eight, 4, 5, 6, 7));
  f32x4 two = max_f32x4(four, __builtin_shufflevector(four, four, 2, 3, 2, 3));
  return two[0] > two[1] ? two[0] : two[1];
}

/// The largest magnitude in two vectors; a NaN if there is one.
///
/// The bits of magnitudes are ordered as the numbers are, with NaNs above infinity.
MK_INLINE float largest_magnitude_f32(f32x16 a, f32x16 b) {
  i32x16 bits = __builtin_elementwise_max((i32x16)a & 0x7fffffff, (i32x16)b & 0x7fffffff);
  int32_t largest = __builtin_reduce_max(bits);
  float result;
  memcpy(&result, &largest, 4);
  return result;
}

#if defined(MK_SIMD_AVX512)
#include "vectors_avx512.h"
#elif defined(MK_SIMD_AVX2)
#include "vectors_avx2.h"
#elif defined(MK_SIMD_NEON)
#include "vectors_neon.h"
#else
#include "vectors_portable.h"
#endif
