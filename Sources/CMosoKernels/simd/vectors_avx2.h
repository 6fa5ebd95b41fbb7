// AVX2 with FMA and F16C: two registers per vector.

#include <immintrin.h>

typedef union {
  u8x64 bytes;
  i32x16 ints;
  f32x16 floats;
  __m256i half[2];
  __m256 half_f32[2];
} mk_halves;

/// Adds to each lane the four products of its unsigned bytes in `w` with the signed bytes of `x`, exactly.
///
/// `maddubs` saturates at 16 bits, so the top bit of each weight is multiplied apart: 127·127·2 and 128·127·2 both fit.
MK_INLINE i32x16 dot_u8s8(i32x16 sum, u8x64 w, int32_t x) {
  mk_halves a = {.bytes = w}, r = {.ints = sum};
  __m256i b = _mm256_set1_epi32(x), ones = _mm256_set1_epi16(1), top = _mm256_set1_epi8((char)0x80);
  for (int i = 0; i < 2; i++) {
    __m256i low = _mm256_maddubs_epi16(_mm256_andnot_si256(top, a.half[i]), b);
    __m256i high = _mm256_maddubs_epi16(_mm256_and_si256(top, a.half[i]), b);
    __m256i product = _mm256_add_epi32(_mm256_madd_epi16(low, ones), _mm256_madd_epi16(high, ones));
    r.half[i] = _mm256_add_epi32(r.half[i], product);
  }
  return r.ints;
}

MK_INLINE f32x16 load_f16(const uint16_t *p) {
  mk_halves r;
  for (int i = 0; i < 2; i++) r.half_f32[i] = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i_u *)(p + 8 * i)));
  return r.floats;
}

/// Rounds to nearest, ties to even.
MK_INLINE void store_f16(uint16_t *p, f32x16 v) {
  mk_halves a = {.floats = v};
  for (int i = 0; i < 2; i++) {
    __m128i h = _mm256_cvtps_ph(a.half_f32[i], _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    _mm_storeu_si128((__m128i_u *)(p + 8 * i), h);
  }
}

/// `table[index]` for each byte; indices are below 16.
MK_INLINE u8x64 look_up(const uint8_t table[16], u8x64 index) {
  __m256i t = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i_u *)table));
  mk_halves a = {.bytes = index};
  for (int i = 0; i < 2; i++) a.half[i] = _mm256_shuffle_epi8(t, a.half[i]);
  return a.bytes;
}

/// Adds `bit` to each byte whose bit is set in the 64-bit mask at `p`.
MK_INLINE u8x64 add_where(u8x64 v, const uint8_t *p, uint8_t bit) {
  const __m256i spread = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3,
                                          3, 3, 3, 3, 3, 3);
  const __m256i select = _mm256_set1_epi64x((long long)0x8040201008040201ull);
  mk_halves a = {.bytes = v};
  for (int i = 0; i < 2; i++) {
    int32_t mask;
    memcpy(&mask, p + 4 * i, 4);
    __m256i m = _mm256_and_si256(_mm256_shuffle_epi8(_mm256_set1_epi32(mask), spread), select);
    m = _mm256_cmpeq_epi8(m, select);
    a.half[i] = _mm256_add_epi8(a.half[i], _mm256_and_si256(m, _mm256_set1_epi8((char)bit)));
  }
  return a.bytes;
}

/// Rounds to nearest, ties to even.
MK_INLINE i32x16 round_to_i32(f32x16 v) {
  mk_halves a = {.floats = v};
  for (int i = 0; i < 2; i++) a.half[i] = _mm256_cvtps_epi32(a.half_f32[i]);
  return a.ints;
}
