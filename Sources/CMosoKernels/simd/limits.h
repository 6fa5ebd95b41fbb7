// Loops that measure the machine.

/// What is read next is asked for as in a product, or the processor would wait for half of it.
static uint32_t read_memory(const void *memory, size_t bytes) {
  const uint8_t *p = memory;
  u8x64 a = {}, b = {}, c = {}, d = {};
  for (size_t i = 0; i < bytes; i += 256) {
    for (int line = 0; line < 256; line += 64) __builtin_prefetch(p + i + MK_PREFETCH + line);
    a ^= load_u8(p + i);
    b ^= load_u8(p + i + 64);
    c ^= load_u8(p + i + 128);
    d ^= load_u8(p + i + 192);
  }
  return (uint32_t)__builtin_reduce_xor((i32x16)(a ^ b ^ c ^ d));
}

static float spin_multiply_add(size_t rounds) {
  f32x16 sums[12] = {}, x = splat_f32(0.999f);
  for (size_t i = 0; i < rounds; i++) {
    for (int c = 0; c < 12; c++) sums[c] = fma_f32(sums[c], x, x);
  }
  f32x16 total = {};
  for (int c = 0; c < 12; c++) total += sums[c];
  return sum_f32(total);
}

#if defined(MK_SIMD_AVX2)
/// Sums of 16 bits, as products of small codes have them.
static int32_t spin_dot(size_t rounds) {
  __m256i sums[12] = {}, w = _mm256_set1_epi8(3);
  for (size_t i = 0; i < 2 * rounds; i++) {
    const __m256i x = _mm256_set1_epi32((int32_t)i);
    MK_UNROLL
    for (int c = 0; c < 12; c++) {
      __m256i products = _mm256_maddubs_epi16(w, x);
      // Or the product, the same twelve times, would be computed once.
      stay(&products);
      sums[c] = _mm256_add_epi16(sums[c], products);
    }
  }
  __m256i total = sums[0];
  for (int c = 1; c < 12; c++) total = _mm256_add_epi16(total, sums[c]);
  return _mm256_extract_epi16(total, 0);
}
#else
static int32_t spin_dot(size_t rounds) {
  i32x16 sums[12] = {};
  u8x64 w = {};
  w += 3;
  for (size_t i = 0; i < rounds; i++) {
    for (int c = 0; c < 12; c++) sums[c] = dot_u8s8(sums[c], w, (int32_t)i);
  }
  i32x16 total = {};
  for (int c = 0; c < 12; c++) total += sums[c];
  return __builtin_reduce_add(total);
}
#endif
