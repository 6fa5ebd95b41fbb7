// AVX-512 with VNNI: one register per vector, four 8-bit products per lane and instruction.

#include <immintrin.h>

/// Adds to each lane the four products of its unsigned bytes in `w` with the signed bytes of `x`, exactly.
MK_INLINE i32x16 dot_u8s8(i32x16 sum, u8x64 w, int32_t x) {
  return (i32x16)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)w, _mm512_set1_epi32(x));
}

MK_INLINE f32x16 load_f16(const uint16_t *p) {
  return (f32x16)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i_u *)p));
}

/// Rounds to nearest, ties to even.
MK_INLINE void store_f16(uint16_t *p, f32x16 v) {
  _mm256_storeu_si256((__m256i_u *)p, _mm512_cvtps_ph((__m512)v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

/// `table[index]` for each byte; indices are below 16.
MK_INLINE u8x64 look_up(const uint8_t table[16], u8x64 index) {
  return (u8x64)_mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i_u *)table)), (__m512i)index);
}

/// Adds `bit` to each byte whose bit is set in the 64-bit mask at `p`.
MK_INLINE u8x64 add_where(u8x64 v, const uint8_t *p, uint8_t bit) {
  uint64_t mask;
  memcpy(&mask, p, 8);
  return (u8x64)_mm512_mask_add_epi8((__m512i)v, mask, (__m512i)v, _mm512_set1_epi8((char)bit));
}

/// Rounds to nearest, ties to even.
MK_INLINE i32x16 round_to_i32(f32x16 v) { return (i32x16)_mm512_cvtps_epi32((__m512)v); }

/// The upper halves of both, those of `even` in the lower halves.
MK_INLINE u32x16 pack_upper_halves(u32x16 even, u32x16 odd) {
  // Kept from being seen through: clang would make one shuffle of it, which takes three times as long.
  __m512i lower = _mm512_srli_epi32((__m512i)even, 16);
  __asm__("" : "+v"(lower));
  return (u32x16)_mm512_mask_blend_epi16(0xaaaaaaaa, lower, (__m512i)odd);
}
