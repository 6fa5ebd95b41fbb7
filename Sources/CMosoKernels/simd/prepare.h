// Inputs for a product: quantised to 8 bits per 32 values, or transposed into tiles.

/// One column: `scale = max|x| / 127` per 32 values and codes rounded to nearest, with the sums that offsets and
/// minimums need.
MK_INLINE void quantize_column(const float *x, size_t inner, mk_tile tile, size_t column) {
  const size_t width = tile.width;
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
      memcpy(tile.codes + (slab * width + column) * MK_SLAB + 16 * half, &bytes, 16);
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
  if (!mk_is_float(type)) {
    for (size_t start = first, width; start < last; start += width) {
      const mk_tile tile = mk_tile_at(prepared, inner, columns, start);
      width = tile.width < last - start ? tile.width : last - start;
      for (size_t c = 0; c < width; c++) quantize_column(inputs + (start + c) * stride, inner, tile, c);
    }
    return;
  }
  for (size_t start = first, width; start < last; start += width) {
    width = mk_step_width(columns - start);
    float *values = (float *)prepared + start * inner;
    for (size_t c = 0; c < width; c++) {
      const float *x = inputs + (start + c) * stride;
      for (size_t k = 0; k < inner; k++) values[k * width + c] = x[k];
    }
  }
}
