// Products of packed matrices with prepared inputs.
//
// The order of the floating-point operations of one output is fixed: slab after slab, the exact integer sum times the
// weight's scale, fused into the running sum with the input's scale, then the minimum's term. Neither the number of
// columns nor the path (codes unpacked in registers or through scratch) changes it.

/// One unpacked slab in scratch: two scales, two minimums, eight groups.
enum { MK_UNPACKED_SLAB = 4 * 64 + 8 * 64 };

/// A made-up type: a panel already unpacked into scratch.
enum { MK_UNPACKED = 1000 };

MK_INLINE void unpack_panel(const uint32_t type, const uint8_t *panel, size_t inner, uint8_t *scratch) {
  const mk_layout layout = mk_layout_of(type);
  for (size_t slab = 0; slab < inner / MK_SLAB; slab++, scratch += MK_UNPACKED_SLAB) {
    const uint8_t *block = slab_block(layout, panel, slab);
    const uint8_t *codes = slab_codes(layout, block, slab);
    mk_slab_scales scales = slab_scales(type, block, slab % (layout.block / MK_SLAB));
    memcpy(scratch, &scales, sizeof scales);
    for (int v = 0; v < 4; v++) {
      mk_group_pair pair = slab_groups(type, codes, v);
      store_u8(scratch + 256 + 64 * v, pair.low);
      store_u8(scratch + 256 + 64 * (v + 4), pair.high);
    }
  }
}

/// Sixteen rows by `width` columns, left in `sums`.
MK_INLINE void multiply_tile(const uint32_t type, const mk_layout layout, const int width, const uint8_t *panel,
                             size_t inner, mk_tile tile, f32x16 *sums) {
  for (int c = 0; c < width; c++) sums[c] = splat_f32(0);
  for (size_t slab = 0; slab < inner / MK_SLAB; slab++) {
    mk_slab_scales scales;
    const uint8_t *codes;
    if (type == MK_UNPACKED) {
      memcpy(&scales, panel, sizeof scales);
      codes = panel + 256;
      panel += MK_UNPACKED_SLAB;
    } else {
      const uint8_t *block = slab_block(layout, panel, slab);
      scales = slab_scales(type, block, slab % (layout.block / MK_SLAB));
      codes = slab_codes(layout, block, slab);
    }
    const int8_t *x = tile.codes + slab * MK_SLAB * width;
    i32x16 dots[2][12];
    for (int half = 0; half < 2; half++) {
      for (int c = 0; c < width; c++) {
        int32_t start = 0;
        if (layout.halves) {
          start = -layout.offset * tile.sums16[(2 * slab + half) * width + c];
        } else if (half == 0) {
          start = -layout.offset * tile.sums32[slab * width + c];
        }
        dots[half][c] = splat_i32(start);
      }
    }
    for (int v = 0; v < 4; v++) {
      mk_group_pair pair =
          type == MK_UNPACKED ? slab_groups(MK_Q8_0, codes, v) : slab_groups(type, codes, v);
      for (int half = 0; half < 2; half++) {
        u8x64 group = half == 0 ? pair.low : pair.high;
        for (int c = 0; c < width; c++) {
          int32_t four;
          memcpy(&four, x + (4 * half + v) * 4 * width + 4 * c, 4);
          int into = layout.halves || width < 4 ? half : 0;
          dots[into][c] = dot_u8s8(dots[into][c], group, four);
        }
      }
    }
    for (int c = 0; c < width; c++) {
      f32x16 scale = splat_f32(tile.scales[slab * width + c]);
      if (layout.halves) {
        sums[c] = fma_f32(to_f32(dots[0][c]) * scales.scale[0], scale, sums[c]);
        sums[c] = fma_f32(to_f32(dots[1][c]) * scales.scale[1], scale, sums[c]);
      } else {
        i32x16 dot = width < 4 ? dots[0][c] + dots[1][c] : dots[0][c];
        sums[c] = fma_f32(to_f32(dot) * scales.scale[0], scale, sums[c]);
      }
      if (layout.minimum && layout.halves) {
        sums[c] = fma_f32(scales.minimum[0], splat_f32(tile.scaled16[2 * slab * width + c]), sums[c]);
        sums[c] = fma_f32(scales.minimum[1], splat_f32(tile.scaled16[(2 * slab + 1) * width + c]), sums[c]);
      } else if (layout.minimum) {
        sums[c] = fma_f32(scales.minimum[0], splat_f32(tile.scaled32[slab * width + c]), sums[c]);
      }
    }
  }
}

/// The same for unquantised weights: one input at a time.
MK_INLINE void multiply_float_tile(const uint32_t type, const int width, const uint8_t *panel, size_t inner,
                                   const float *x, f32x16 *sums) {
  for (int c = 0; c < width; c++) sums[c] = splat_f32(0);
  for (size_t k = 0; k < inner; k++, x += width) {
    f32x16 w;
    switch (type) {
      case MK_F16: w = load_f16((const uint16_t *)panel + 16 * k); break;
      case MK_BF16: w = load_bf16((const uint16_t *)panel + 16 * k); break;
      default: w = load_f32((const float *)panel + 16 * k);
    }
    for (int c = 0; c < width; c++) sums[c] = fma_f32(w, splat_f32(x[c]), sums[c]);
  }
}

/// Where a tile's results go.
typedef struct {
  const float *bias;
  const float *residual;
  float *outputs;
  size_t stride;
  /// The panel's first row, and how many of its sixteen rows exist.
  size_t row, count;
} mk_destination;

MK_INLINE void store_tile(const int width, size_t first_column, const f32x16 *sums, mk_destination to) {
  for (int c = 0; c < width; c++) {
    f32x16 y = sums[c];
    size_t at = (first_column + c) * to.stride + to.row;
    if (to.bias) y += load_f32_partial(to.bias + to.row, to.count);
    if (to.residual) y += load_f32_partial(to.residual + at, to.count);
    store_f32_partial(to.outputs + at, y, to.count);
  }
}

#define MK_TILE(type, width)                                                                              \
  do {                                                                                                    \
    f32x16 sums[width];                                                                                   \
    if (mk_is_float(type)) {                                                                              \
      multiply_float_tile(type, width, panel, inner, (const float *)prepared + column * inner, sums);     \
    } else {                                                                                              \
      multiply_tile(type, layout, width, panel, inner, mk_tile_at(prepared, inner, column, width), sums); \
    }                                                                                                     \
    store_tile(width, column, sums, to);                                                                  \
  } while (0)

/// All columns against one panel whose type (or whose unpacked form) is known at compile time.
MK_INLINE void multiply_panel(const uint32_t type, const mk_layout layout, const bool narrow, const uint8_t *panel,
                              size_t inner, const void *prepared, size_t columns, mk_destination to) {
  size_t column = 0, width;
  for (; column < columns; column += width) {
    width = mk_tile_width(columns - column);
    if (narrow) {
      switch (width) {
        case 4: MK_TILE(type, 4); break;
        case 2: MK_TILE(type, 2); break;
        default: MK_TILE(type, 1);
      }
    } else {
      switch (width) {
        case 12: MK_TILE(type, 12); break;
        case 8: MK_TILE(type, 8); break;
        case 4: MK_TILE(type, 4); break;
        case 2: MK_TILE(type, 2); break;
        default: MK_TILE(type, 1);
      }
    }
  }
}

#define MK_NARROW_CASE(T)                                                                                      \
  case T: multiply_panel(T, mk_layout_of(T), true, panel, matrix->inner, prepared, columns, to); break;
#define MK_FLOAT_CASE(T)                                                                                       \
  case T: multiply_panel(T, mk_layout_of(T), false, panel, matrix->inner, prepared, columns, to); break;
#define MK_UNPACK_CASE(T) \
  case T: unpack_panel(T, panel, matrix->inner, scratch); break;
#define MK_QUANTIZED_TYPES(X)                                                                                  \
  X(MK_Q4_0) X(MK_Q4_1) X(MK_Q5_0) X(MK_Q5_1) X(MK_Q8_0) X(MK_IQ4_NL) X(MK_MXFP4) X(MK_Q2_K) X(MK_Q3_K)        \
  X(MK_Q4_K) X(MK_Q5_K) X(MK_Q6_K) X(MK_IQ4_XS)

/// Few columns: codes are unpacked in registers, as memory is what limits.
static void multiply_narrow(const mk_matrix *matrix, const uint8_t *panel, const void *prepared, size_t columns,
                            mk_destination to) {
  switch (matrix->type) { MK_QUANTIZED_TYPES(MK_NARROW_CASE) }
}

/// Many columns: each panel is unpacked once, and then only the shape of its scales matters.
static void multiply_wide(const mk_matrix *matrix, const uint8_t *panel, const void *prepared, size_t columns,
                          mk_destination to, uint8_t *scratch) {
  switch (matrix->type) { MK_QUANTIZED_TYPES(MK_UNPACK_CASE) }
  const mk_layout layout = mk_layout_of(matrix->type);
  const size_t inner = matrix->inner;
#define MK_SHAPE(halves, minimum) ((mk_layout){MK_SLAB, 0, 0, layout.offset, halves, minimum})
  if (layout.halves && layout.minimum) {
    multiply_panel(MK_UNPACKED, MK_SHAPE(true, true), false, scratch, inner, prepared, columns, to);
  } else if (layout.halves) {
    multiply_panel(MK_UNPACKED, MK_SHAPE(true, false), false, scratch, inner, prepared, columns, to);
  } else if (layout.minimum) {
    multiply_panel(MK_UNPACKED, MK_SHAPE(false, true), false, scratch, inner, prepared, columns, to);
  } else {
    multiply_panel(MK_UNPACKED, MK_SHAPE(false, false), false, scratch, inner, prepared, columns, to);
  }
#undef MK_SHAPE
}

static void multiply(const mk_matrix *matrix, const void *prepared, size_t columns, size_t first, size_t last,
                     const float *bias, const float *residual, float *outputs, size_t stride, void *scratch) {
  const size_t panel_bytes = mk_panel_bytes(matrix->type, matrix->inner);
  for (size_t p = first; p < last; p++) {
    const uint8_t *panel = matrix->panels + p * panel_bytes;
    size_t row = p * MK_LANES;
    mk_destination to = {bias, residual, outputs, stride, row, matrix->rows - row};
    switch (matrix->type) {
      MK_FLOAT_CASE(MK_F32)
      MK_FLOAT_CASE(MK_F16)
      MK_FLOAT_CASE(MK_BF16)
      default:
        if (columns <= 4) {
          multiply_narrow(matrix, panel, prepared, columns, to);
        } else {
          multiply_wide(matrix, panel, prepared, columns, to, scratch);
        }
    }
  }
}
