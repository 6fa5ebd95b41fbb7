// Inputs for a product: quantised to 8 bits per 32 values, or transposed into tiles.

/// The codes of 32 values and what they are multiples of: `max|x| / 127`, rounded to nearest.
typedef struct {
  float scale;
  i32x16 codes[2];
} mk_coded_slab;

MK_INLINE mk_coded_slab code_slab(const float *x) {
  f32x16 v[2] = {load_f32(x), load_f32(x + 16)};
  float largest = largest_magnitude_f32(v[0], v[1]);
  // Below, the inverse would be infinite; such a block is as good as zero.
  float inverse = largest > 1e-36f ? 127 / largest : 0;
  // What is no number has no code; the scale alone makes every product with it none either.
  if (!(largest < INFINITY)) v[0] = v[1] = splat_f32(0);
  return (mk_coded_slab){
      largest / 127, {round_to_i32(v[0] * splat_f32(inverse)), round_to_i32(v[1] * splat_f32(inverse))}};
}

/// One column, with the sums that offsets and minimums need.
MK_INLINE void quantize_column(const float *x, size_t inner, mk_tile tile, size_t column) {
  const size_t width = tile.width;
  for (size_t slab = 0; slab < inner / MK_SLAB; slab++, x += MK_SLAB) {
    const mk_coded_slab coded = code_slab(x);
    int32_t sums[2];
    for (int half = 0; half < 2; half++) {
      i8x16 bytes = __builtin_convertvector(coded.codes[half], i8x16);
      memcpy(tile.codes + (slab * width + column) * MK_SLAB + 16 * half, &bytes, 16);
      sums[half] = __builtin_reduce_add(coded.codes[half]);
      tile.sums16[(2 * slab + half) * width + column] = sums[half];
      tile.scaled16[(2 * slab + half) * width + column] = coded.scale * (float)sums[half];
    }
    tile.scales[slab * width + column] = coded.scale;
    tile.sums32[slab * width + column] = sums[0] + sums[1];
    tile.scaled32[slab * width + column] = coded.scale * (float)(sums[0] + sums[1]);
  }
}

static void rounding_remainder(const float *x, size_t inner, float *remainder) {
  for (size_t k = 0; k < inner; k += MK_SLAB) {
    const mk_coded_slab coded = code_slab(x + k);
    for (int half = 0; half < 2; half++) {
      const f32x16 v = load_f32(x + k + 16 * half);
      store_f32(remainder + k + 16 * half, fma_f32(to_f32(coded.codes[half]), splat_f32(-coded.scale), v));
    }
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
