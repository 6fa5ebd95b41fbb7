// Armv8.2 with dot products: four registers per vector.

#include <arm_neon.h>

typedef union {
  u8x64 bytes;
  i32x16 ints;
  f32x16 floats;
  uint8x16_t quarter_u8[4];
  int32x4_t quarter_i32[4];
  float32x4_t quarter_f32[4];
} mk_quarters;

/// Adds to each lane the four products of its unsigned bytes in `w` with the signed bytes of `x`, exactly.
///
/// `sdot` takes signed bytes only, so the top bit of each weight is multiplied apart.
MK_INLINE i32x16 dot_u8s8(i32x16 sum, u8x64 w, int32_t x) {
  mk_quarters a = {.bytes = w}, r = {.ints = sum};
  int8x16_t b = vreinterpretq_s8_s32(vdupq_n_s32(x));
  for (int i = 0; i < 4; i++) {
    int8x16_t low = vreinterpretq_s8_u8(vandq_u8(a.quarter_u8[i], vdupq_n_u8(0x7f)));
    int8x16_t high = vreinterpretq_s8_u8(vshrq_n_u8(a.quarter_u8[i], 7));
    int32x4_t product = vshlq_n_s32(vdotq_s32(vdupq_n_s32(0), high, b), 7);
    r.quarter_i32[i] = vaddq_s32(vdotq_s32(r.quarter_i32[i], low, b), product);
  }
  return r.ints;
}

MK_INLINE f32x16 load_f16(const uint16_t *p) {
  mk_quarters r;
  for (int i = 0; i < 4; i++) r.quarter_f32[i] = vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p + 4 * i)));
  return r.floats;
}

/// Rounds to nearest, ties to even.
MK_INLINE void store_f16(uint16_t *p, f32x16 v) {
  mk_quarters a = {.floats = v};
  for (int i = 0; i < 4; i++) vst1_u16(p + 4 * i, vreinterpret_u16_f16(vcvt_f16_f32(a.quarter_f32[i])));
}

/// `table[index]` for each byte; indices are below 16.
MK_INLINE u8x64 look_up(const uint8_t table[16], u8x64 index) {
  mk_quarters a = {.bytes = index};
  for (int i = 0; i < 4; i++) a.quarter_u8[i] = vqtbl1q_u8(vld1q_u8(table), a.quarter_u8[i]);
  return a.bytes;
}

/// Adds `bit` to each byte whose bit is set in the 64-bit mask at `p`.
MK_INLINE u8x64 add_where(u8x64 v, const uint8_t *p, uint8_t bit) {
  const uint8_t select_bytes[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t select = vld1q_u8(select_bytes);
  mk_quarters a = {.bytes = v};
  for (int i = 0; i < 4; i++) {
    uint8x16_t mask = vcombine_u8(vdup_n_u8(p[2 * i]), vdup_n_u8(p[2 * i + 1]));
    a.quarter_u8[i] = vaddq_u8(a.quarter_u8[i], vandq_u8(vtstq_u8(mask, select), vdupq_n_u8(bit)));
  }
  return a.bytes;
}

/// Rounds to nearest, ties to even.
MK_INLINE i32x16 round_to_i32(f32x16 v) {
  mk_quarters a = {.floats = v};
  for (int i = 0; i < 4; i++) a.quarter_i32[i] = vcvtnq_s32_f32(a.quarter_f32[i]);
  return a.ints;
}
