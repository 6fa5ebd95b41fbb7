// Products of an unpacked panel on eight-lane registers, of which there are only sixteen.
//
// Sums of products of small codes fit into 16 bits, so most of them are added there, at half the cost; a panel and six
// columns have twelve such sums in registers, and the running sums wait in memory. Integer sums are exact, so their order
// does not matter; floats are added in the same order as everywhere.

/// How many groups of codes up to `largest` may be multiplied and added in 16 bits; 0 where not even one may.
MK_INLINE int sums_in_16_bits(const int largest) {
  const int most = 32767 / (2 * 127 * largest);
  return most >= 8 ? 8 : most >= 4 ? 4 : most >= 2 ? 2 : most;
}

/// Adds pairs of products of 32 codes and four inputs: exactly, as neither 127·127·2 nor 128·127·2 needs more than 16 bits.
MK_INLINE __m256i add_large_products(__m256i sum, __m256i codes, __m256i inputs) {
  const __m256i top = _mm256_set1_epi8((char)0x80), ones = _mm256_set1_epi16(1);
  __m256i low = _mm256_maddubs_epi16(_mm256_andnot_si256(top, codes), inputs);
  __m256i high = _mm256_maddubs_epi16(_mm256_and_si256(top, codes), inputs);
  return _mm256_add_epi32(sum, _mm256_add_epi32(_mm256_madd_epi16(low, ones), _mm256_madd_epi16(high, ones)));
}

/// Has the compiler leave a sum in its register: it would go column by column and have the codes wait in memory instead.
MK_INLINE void stay(__m256i *sum) { __asm__("" : "+x"(*sum)); }

/// The exact products of `groups` groups with the inputs at `x` of `width` columns.
MK_INLINE void dot_groups(const int largest, const int groups, const int width, const uint8_t *codes, const int8_t *x,
                          __m256i (*dots)[2]) {
  const int fitting = sums_in_16_bits(largest), together = fitting < groups ? fitting : groups;
  const __m256i ones = _mm256_set1_epi16(1);
  MK_UNROLL
  for (int first = 0; first < groups; first += together > 0 ? together : groups) {
    __m256i part[6][2];
    MK_UNROLL
    for (int g = first; g < (together > 0 ? first + together : groups); g++) {
      __m256i w[2];
      MK_UNROLL
      for (int h = 0; h < 2; h++) w[h] = _mm256_loadu_si256((const __m256i_u *)(codes + 64 * g + 32 * h));
      MK_UNROLL
      for (int c = 0; c < width; c++) {
        int32_t four;
        memcpy(&four, x + MK_SLAB * c + 4 * g, 4);
        const __m256i inputs = _mm256_set1_epi32(four);
        MK_UNROLL
        for (int h = 0; h < 2; h++) {
          if (together == 0) {
            dots[c][h] = add_large_products(g == 0 ? _mm256_setzero_si256() : dots[c][h], w[h], inputs);
            stay(&dots[c][h]);
          } else {
            const __m256i products = _mm256_maddubs_epi16(w[h], inputs);
            part[c][h] = g == first ? products : _mm256_add_epi16(part[c][h], products);
            stay(&part[c][h]);
          }
        }
      }
    }
    if (together == 0) return;
    MK_UNROLL
    for (int c = 0; c < width; c++) {
      MK_UNROLL
      for (int h = 0; h < 2; h++) {
        const __m256i sum = _mm256_madd_epi16(part[c][h], ones);
        dots[c][h] = first == 0 ? sum : _mm256_add_epi32(dots[c][h], sum);
      }
    }
  }
}

/// One panel by `width` columns, left in `results`.
MK_INLINE void multiply_unpacked_tile(const mk_layout layout, const int width, mk_panels panels, size_t inner,
                                      mk_tile tile, f32x16 *results) {
  const size_t columns = tile.width;
  const int halves = layout.halves ? 2 : 1, groups = 8 / halves;
  __m256 sums[6][2];
  MK_UNROLL
  for (int c = 0; c < width; c++) sums[c][0] = sums[c][1] = _mm256_setzero_ps();
  for (size_t slab = 0; slab < inner / MK_SLAB; slab++) {
    const uint8_t *at = panels.at[0] + slab * MK_UNPACKED_SLAB, *codes = at + MK_UNPACKED_CODES;
    const float *scales = (const float *)at, *minimums = scales + 2 * MK_LANES;
    if (panels.next != NULL) {
      const uint8_t *next = panels.next + slab * panels.next_slab;
      for (size_t b = 0; b < panels.next_slab; b += 64) __builtin_prefetch(next + b);
    }
    const int8_t *x = tile.codes + slab * MK_SLAB * columns;
    MK_UNROLL
    for (int half = 0; half < halves; half++) {
      __m256i dots[6][2];
      dot_groups(layout.largest, groups, width, codes + 64 * groups * half, x + 16 * half, dots);
      const int32_t *offsets = layout.halves ? tile.sums16 + (2 * slab + half) * columns : tile.sums32 + slab * columns;
      MK_UNROLL
      for (int c = 0; c < width; c++) {
        const __m256i start = _mm256_set1_epi32(-layout.offset * offsets[c]);
        const __m256 scale = _mm256_set1_ps(tile.scales[slab * columns + c]);
        MK_UNROLL
        for (int h = 0; h < 2; h++) {
          const __m256i dot = layout.offset ? _mm256_add_epi32(dots[c][h], start) : dots[c][h];
          const __m256 of_row = _mm256_loadu_ps(scales + MK_LANES * half + 8 * h);
          sums[c][h] = _mm256_fmadd_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(dot), of_row), scale, sums[c][h]);
        }
      }
    }
    MK_UNROLL
    for (int half = 0; half < halves && layout.minimum; half++) {
      const float *scaled = layout.halves ? tile.scaled16 + (2 * slab + half) * columns : tile.scaled32 + slab * columns;
      MK_UNROLL
      for (int c = 0; c < width; c++) {
        MK_UNROLL
        for (int h = 0; h < 2; h++) {
          const __m256 minimum = _mm256_loadu_ps(minimums + MK_LANES * half + 8 * h);
          sums[c][h] = _mm256_fmadd_ps(minimum, _mm256_set1_ps(scaled[c]), sums[c][h]);
        }
      }
    }
  }
  MK_UNROLL
  for (int c = 0; c < width; c++) results[c] = (mk_halves){.half_f32 = {sums[c][0], sums[c][1]}}.floats;
}
