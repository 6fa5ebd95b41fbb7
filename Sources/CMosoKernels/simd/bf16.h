// Products of bfloat16 matrices, in the arithmetic of matrix instructions (AMX).
//
// TDPBF16PS takes 32 inputs at a time: the even ones are multiplied and added one after another, the odd ones likewise,
// and the sum of both sums is added to what was there. Fused multiply-adds in that order give the same bits, so a
// processor without such instructions computes the same numbers, only more slowly. (The instruction takes anything below
// the smallest normal number for zero; such inputs are not made here, and such sums are left to differ.)

#if defined(MK_SIMD_AMX)
#include "bf16_amx.h"
#else
#include "bf16_emulated.h"
#endif

#if !defined(MK_SIMD_AVX512)
/// The upper halves of both, those of `even` in the lower halves.
MK_INLINE u32x16 pack_upper_halves(u32x16 even, u32x16 odd) { return (even >> 16) | (odd & 0xffff0000); }
#endif

/// Pairs of bfloat16, the even one in the lower half. Rounded to nearest, halves away from zero; a NaN stays one.
MK_INLINE u32x16 pack_bf16(f32x16 even, f32x16 odd) {
  even = where_f32(even == even, even, splat_f32(NAN));
  odd = where_f32(odd == odd, odd, splat_f32(NAN));
  return pack_upper_halves((u32x16)even + 0x8000, (u32x16)odd + 0x8000);
}

/// A number that is not negative, rounded as above. A NaN stays one if it is one that arithmetic makes.
MK_INLINE f32x16 round_weight_bf16(f32x16 v) { return (f32x16)(((u32x16)v + 0x8000) & 0xffff0000); }

/// Writes up to sixteen floats as bfloat16. What would be no normal number becomes zero.
MK_INLINE void store_bf16(uint16_t *p, f32x16 v, size_t count) {
  const i32x16 is_normal = ((i32x16)v & 0x7fffffff) >= 0x00800000;
  v = where_f32(is_normal, v, splat_f32(0));
  u16x16 halves = __builtin_convertvector(pack_bf16(v, splat_f32(0)), u16x16);
  memcpy(p, &halves, (count < 16 ? count : 16) * sizeof(uint16_t));
}

/// Sixteen rows of sixteen become columns.
MK_INLINE void transpose_f32(f32x16 rows[16]) {
  f32x16 zipped[16];
  // Zipping the first half with the second four times moves each element's row number into its lane number.
  for (int round = 0; round < 4; round++) {
    MK_UNROLL
    for (int i = 0; i < 8; i++) {
      zipped[2 * i] = __builtin_shufflevector(rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22,
                                              7, 23);
      zipped[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                                  14, 30, 15, 31);
    }
    MK_UNROLL
    for (int i = 0; i < 16; i++) rows[i] = zipped[i];
  }
}
