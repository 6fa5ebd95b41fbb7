// No assumption about the machine: the reference every other instruction set is tested against.

#include <math.h>

#include "../half.h"

/// Adds to each lane the four products of its unsigned bytes in `w` with the signed bytes of `x`, exactly.
MK_INLINE i32x16 dot_u8s8(i32x16 sum, u8x64 w, int32_t x) {
  int8_t b[4];
  memcpy(b, &x, 4);
  for (int lane = 0; lane < 16; lane++) {
    for (int i = 0; i < 4; i++) sum[lane] += (int32_t)w[4 * lane + i] * b[i];
  }
  return sum;
}

MK_INLINE f32x16 load_f16(const uint16_t *p) {
  f32x16 v;
  for (int lane = 0; lane < 16; lane++) v[lane] = mk_half_to_float(p[lane]);
  return v;
}

/// Rounds to nearest, ties to even.
MK_INLINE void store_f16(uint16_t *p, f32x16 v) {
  for (int lane = 0; lane < 16; lane++) p[lane] = mk_half_from_float(v[lane]);
}

/// `table[index]` for each byte; indices are below 16.
MK_INLINE u8x64 look_up(const uint8_t table[16], u8x64 index) {
  for (int i = 0; i < 64; i++) index[i] = table[index[i]];
  return index;
}

/// Adds `bit` to each byte whose bit is set in the 64-bit mask at `p`.
MK_INLINE u8x64 add_where(u8x64 v, const uint8_t *p, uint8_t bit) {
  for (int i = 0; i < 64; i++) v[i] += (p[i / 8] >> (i % 8) & 1) ? bit : 0;
  return v;
}

/// Rounds to nearest, ties to even; what does not fit becomes the smallest integer, as on x86.
MK_INLINE i32x16 round_to_i32(f32x16 v) {
  i32x16 r;
  for (int lane = 0; lane < 16; lane++) {
    r[lane] = fabsf(v[lane]) < 0x1p31f ? (int32_t)nearbyintf(v[lane]) : INT32_MIN;
  }
  return r;
}
