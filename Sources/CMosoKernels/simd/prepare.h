// Inputs for a product: quantised to 8 bits per 32 values, or transposed into tiles.

/// One column: `scale = max|x| / 127` per 32 values and codes rounded to nearest, with the sums that offsets and
/// minimums need.
MK_INLINE void quantize_column(const float *x, size_t inner, mk_tile tile, size_t width, size_t column) {
  for (size_t slab = 0; slab < inner / MK_SLAB; slab++, x += MK_SLAB) {
    f32x16 v[2] = {load_f32(x), load_f32(x + 16)};
    float largest = largest_magnitude_f32(v[0], v[1]);
    // Below, the inverse would be infinite; such a block is as good as zero.
    float inverse = largest > 1e-36f ? 127 / largest : 0;
    float scale = largest / 127;
    // What is no number has no code; the scale alone makes every product with it none either.
    if (!(largest < INFINITY)) v[0] = v[1] = splat_f32(0);
    int32_t sums[2];
    for (int half = 0; half < 2; half++) {
      i32x16 codes = round_to_i32(v[half] * splat_f32(inverse));
      i8x16 bytes = __builtin_convertvector(codes, i8x16);
      int32_t fours[4];
      memcpy(fours, &bytes, 16);
      for (int i = 0; i < 4; i++) {
        memcpy(tile.codes + ((slab * 8 + half * 4 + i) * width + column) * 4, &fours[i], 4);
      }
      sums[half] = __builtin_reduce_add(codes);
      tile.sums16[(2 * slab + half) * width + column] = sums[half];
      tile.scaled16[(2 * slab + half) * width + column] = scale * (float)sums[half];
    }
    tile.scales[slab * width + column] = scale;
    tile.sums32[slab * width + column] = sums[0] + sums[1];
    tile.scaled32[slab * width + column] = scale * (float)(sums[0] + sums[1]);
  }
}

static void prepare(uint32_t type, const float *inputs, size_t stride, size_t inner, size_t columns, size_t first,
                    size_t last, void *prepared) {
  size_t start = 0, width;
  for (; start < last; start += width) {
    width = mk_tile_width(columns - start);
    for (size_t c = start < first ? first : start; c < start + width && c < last; c++) {
      const float *x = inputs + c * stride;
      if (mk_is_float(type)) {
        float *values = (float *)prepared + start * inner + (c - start);
        for (size_t k = 0; k < inner; k++) values[k * width] = x[k];
      } else {
        quantize_column(x, inner, mk_tile_at(prepared, inner, start, width), width, c - start);
      }
    }
  }
}
