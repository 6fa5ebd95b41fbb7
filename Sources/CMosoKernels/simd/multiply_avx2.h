// Products of one panel, packed or unpacked, on eight-lane registers, of which there are only sixteen.
//
// Products of small codes are added up in 16 bits, at half the cost; a panel and six columns have twelve such sums in
// registers, and the running sums wait in memory. Codes of eight bits are multiplied as two nibbles, one after the other.
// Integer sums are exact, so their order does not matter; floats are added in the same order as everywhere.

/// How many groups of codes up to `largest` may be multiplied and added in 16 bits; 0 where not even one may.
MK_INLINE int sums_in_16_bits(const int largest) {
  const int most = 32767 / (2 * 127 * largest);
  return most >= 8 ? 8 : most >= 4 ? 4 : most >= 2 ? 2 : most;
}

/// Four codes of each of eight rows.
MK_INLINE __m256i codes_of_group(const uint32_t type, const uint8_t *codes, const int group, const int h) {
  if (type == MK_UNPACKED) return _mm256_loadu_si256((const __m256i_u *)(codes + 64 * group + 32 * h));
  const mk_group_pair pair = slab_groups(type, codes, group % 4);
  const mk_halves both = {.bytes = group < 4 ? pair.low : pair.high};
  return both.half[h];
}

/// Has the compiler leave a sum in its register: it would go column by column and have the codes wait in memory instead.
MK_INLINE void stay(__m256i *sum) { __asm__("" : "+x"(*sum)); }

/// The exact products of `groups` groups from `start` on with the inputs at `x` of `width` columns.
MK_INLINE void dot_groups(const uint32_t type, const int largest, const int start, const int groups, const int width,
                          const uint8_t *codes, const int8_t *x, __m256i (*dots)[2]) {
  const bool in_nibbles = sums_in_16_bits(largest) == 0;
  const int fitting = sums_in_16_bits(in_nibbles ? 15 : largest), together = fitting < groups ? fitting : groups;
  const __m256i nibble = _mm256_set1_epi8(15);
  MK_UNROLL
  for (int shift = 0; shift <= (in_nibbles ? 4 : 0); shift += 4) {
    const __m256i weight = _mm256_set1_epi16((short)(1 << shift));
    MK_UNROLL
    for (int first = start; first < start + groups; first += together) {
      __m256i part[6][2];
      MK_UNROLL
      for (int g = first; g < first + together; g++) {
        __m256i w[2];
        MK_UNROLL
        for (int h = 0; h < 2; h++) {
          w[h] = codes_of_group(type, codes, g, h);
          if (in_nibbles) w[h] = _mm256_and_si256(_mm256_srli_epi16(w[h], shift), nibble);
        }
        MK_UNROLL
        for (int c = 0; c < width; c++) {
          int32_t four;
          memcpy(&four, x + MK_SLAB * c + 4 * g, 4);
          const __m256i inputs = _mm256_set1_epi32(four);
          MK_UNROLL
          for (int h = 0; h < 2; h++) {
            const __m256i products = _mm256_maddubs_epi16(w[h], inputs);
            part[c][h] = g == first ? products : _mm256_add_epi16(part[c][h], products);
            stay(&part[c][h]);
          }
        }
      }
      MK_UNROLL
      for (int c = 0; c < width; c++) {
        MK_UNROLL
        for (int h = 0; h < 2; h++) {
          const __m256i sum = _mm256_madd_epi16(part[c][h], weight);
          dots[c][h] = shift == 0 && first == start ? sum : _mm256_add_epi32(dots[c][h], sum);
        }
      }
    }
  }
}

/// One panel by `width` columns, left in `results`.
MK_INLINE void multiply_panel_tile(const uint32_t type, const mk_layout layout, const int width, mk_panels panels,
                                   size_t inner, mk_tile tile, f32x16 *results) {
  const size_t columns = tile.width;
  const int halves = layout.halves ? 2 : 1, groups = 8 / halves;
  __m256 sums[6][2];
  MK_UNROLL
  for (int c = 0; c < width; c++) sums[c][0] = sums[c][1] = _mm256_setzero_ps();
  for (size_t slab = 0; slab < inner / MK_SLAB; slab++) {
    const bool packed = type != MK_UNPACKED;
    const uint8_t *block = packed ? slab_block(layout, panels.at[0], slab) : panels.at[0] + slab * MK_UNPACKED_SLAB;
    const uint8_t *codes = packed ? slab_codes(layout, block, slab) : block + MK_UNPACKED_CODES;
    if (panels.next != NULL) {
      const uint8_t *next = panels.next + slab * panels.next_slab;
      for (size_t b = 0; b < panels.next_slab; b += 64) __builtin_prefetch(next + b);
    }
    const int8_t *x = tile.codes + slab * MK_SLAB * columns;
    __m256i dots[2][6][2];
    MK_UNROLL
    for (int half = 0; half < halves; half++) {
      dot_groups(type, layout.largest, groups * half, groups, width, codes, x, dots[half]);
    }
    mk_slab_scales of_rows;
    if (packed) {
      of_rows = slab_scales(type, block, slab % (layout.block / MK_SLAB));
    } else {
      memcpy(&of_rows, block, sizeof of_rows);
    }
    MK_UNROLL
    for (int half = 0; half < halves; half++) {
      const mk_halves scales = {.floats = of_rows.scale[half]};
      const int32_t *offsets = layout.halves ? tile.sums16 + (2 * slab + half) * columns : tile.sums32 + slab * columns;
      MK_UNROLL
      for (int c = 0; c < width; c++) {
        const __m256i start = _mm256_set1_epi32(-layout.offset * offsets[c]);
        const __m256 scale = _mm256_set1_ps(tile.scales[slab * columns + c]);
        MK_UNROLL
        for (int h = 0; h < 2; h++) {
          const __m256i dot = layout.offset ? _mm256_add_epi32(dots[half][c][h], start) : dots[half][c][h];
          sums[c][h] = _mm256_fmadd_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(dot), scales.half_f32[h]), scale, sums[c][h]);
        }
      }
    }
    MK_UNROLL
    for (int half = 0; half < halves && layout.minimum; half++) {
      const mk_halves minimums = {.floats = of_rows.minimum[half]};
      const float *scaled = layout.halves ? tile.scaled16 + (2 * slab + half) * columns : tile.scaled32 + slab * columns;
      MK_UNROLL
      for (int c = 0; c < width; c++) {
        MK_UNROLL
        for (int h = 0; h < 2; h++) {
          sums[c][h] = _mm256_fmadd_ps(minimums.half_f32[h], _mm256_set1_ps(scaled[c]), sums[c][h]);
        }
      }
    }
  }
  MK_UNROLL
  for (int c = 0; c < width; c++) results[c] = (mk_halves){.half_f32 = {sums[c][0], sums[c][1]}}.floats;
}
