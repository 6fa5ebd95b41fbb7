// Products of bfloat16 matrices without matrix instructions.

MK_INLINE void begin_products_bf16(void) {}
MK_INLINE void end_products_bf16(void) {}

/// `c (+)= a b` for `rows` (a multiple of sixteen) by sixteen columns.
///
/// `a` is `[rows][32 · blocks]`, `a_stride` apart; `b` is `[16 · blocks][16]` pairs of consecutive inputs; `c` is
/// `[rows][16]`. Meanwhile memory `ahead`, as much as `a` has, is asked for.
MK_INLINE void product_bf16(size_t rows, size_t blocks, const uint16_t *a, size_t a_stride, const uint16_t *b,
                            float *c, bool adds, const uint8_t *ahead) {
  for (size_t r = 0; r < rows; r += 4, a += 4 * a_stride, c += 64) {
    f32x16 sums[4];
    MK_UNROLL
    for (int j = 0; j < 4; j++) sums[j] = adds ? load_f32(c + 16 * j) : splat_f32(0);
    for (size_t k = 0; k < blocks; k++) {
      if (ahead) {
        for (size_t j = 0; j < 4; j++) __builtin_prefetch(ahead + 64 * ((r * blocks) + 4 * k + j));
      }
      f32x16 even[4], odd[4];
      MK_UNROLL
      for (int j = 0; j < 4; j++) even[j] = odd[j] = splat_f32(0);
      for (size_t i = 16 * k; i < 16 * k + 16; i++) {
        u32x16 pairs = (u32x16)(i32x16)load_f32((const float *)b + 16 * i);
        f32x16 b_even = (f32x16)(pairs << 16), b_odd = (f32x16)(pairs & 0xffff0000);
        MK_UNROLL
        for (int j = 0; j < 4; j++) {
          uint32_t pair;
          memcpy(&pair, a + j * a_stride + 2 * i, 4);
          f32x16 a_even = (f32x16)splat_i32((int32_t)(pair << 16));
          f32x16 a_odd = (f32x16)splat_i32((int32_t)(pair & 0xffff0000));
          even[j] = fma_f32(a_even, b_even, even[j]);
          odd[j] = fma_f32(a_odd, b_odd, odd[j]);
        }
      }
      MK_UNROLL
      for (int j = 0; j < 4; j++) sums[j] += even[j] + odd[j];
    }
    MK_UNROLL
    for (int j = 0; j < 4; j++) store_f32(c + 16 * j, sums[j]);
  }
}
