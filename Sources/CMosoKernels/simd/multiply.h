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

/// The panels one tile covers: how many, and where each begins.
typedef struct {
  const uint8_t *at[4];
} mk_panels;

/// `count` panels by `width` columns, left in `sums`.
///
/// Two panels by six columns keep twelve integer and twelve running sums in registers, and every load serves several of
/// them: the loads would limit otherwise, at one a cycle.
MK_INLINE void multiply_tile(const uint32_t type, const mk_layout layout, const int count, const int width,
                             mk_panels panels, size_t inner, mk_tile tile, f32x16 (*results)[6]) {
  f32x16 sums[2][6];
  MK_UNROLL
  for (int p = 0; p < count; p++) {
    MK_UNROLL
    for (int c = 0; c < width; c++) sums[p][c] = splat_f32(0);
  }
  for (size_t slab = 0; slab < inner / MK_SLAB; slab++) {
    const uint8_t *scales[2], *codes[2];
    MK_UNROLL
    for (int p = 0; p < count; p++) {
      if (type == MK_UNPACKED) {
        scales[p] = panels.at[p] + slab * MK_UNPACKED_SLAB;
        codes[p] = scales[p] + 256;
      } else {
        scales[p] = slab_block(layout, panels.at[p], slab);
        codes[p] = slab_codes(layout, scales[p], slab);
      }
    }
    const int8_t *x = tile.codes + slab * MK_SLAB * width;
    // One column alone has few chains of dependent sums, so its halves are summed apart: integers do not mind.
    const bool apart = layout.halves || width < 4;
    i32x16 dots[2][2][6];
    MK_UNROLL
    for (int half = 0; half < 2; half++) {
      if (half == 1 && !apart) break;
      MK_UNROLL
      for (int c = 0; c < width; c++) {
        int32_t start = 0;
        if (layout.halves) {
          start = -layout.offset * tile.sums16[(2 * slab + half) * width + c];
        } else if (half == 0) {
          start = -layout.offset * tile.sums32[slab * width + c];
        }
        MK_UNROLL
        for (int p = 0; p < count; p++) dots[p][half][c] = splat_i32(start);
      }
    }
    MK_UNROLL
    for (int v = 0; v < 4; v++) {
      mk_group_pair pair[2];
      MK_UNROLL
      for (int p = 0; p < count; p++) pair[p] = slab_groups(type == MK_UNPACKED ? MK_Q8_0 : type, codes[p], v);
      MK_UNROLL
      for (int half = 0; half < 2; half++) {
        MK_UNROLL
        for (int c = 0; c < width; c++) {
          int32_t four;
          memcpy(&four, x + (4 * half + v) * 4 * width + 4 * c, 4);
          MK_UNROLL
          for (int p = 0; p < count; p++) {
            i32x16 *into = &dots[p][apart ? half : 0][c];
            *into = dot_u8s8(*into, half == 0 ? pair[p].low : pair[p].high, four);
          }
        }
      }
    }
    MK_UNROLL
    for (int p = 0; p < count; p++) {
      mk_slab_scales s;
      if (type == MK_UNPACKED) {
        memcpy(&s, scales[p], sizeof s);
      } else {
        s = slab_scales(type, scales[p], slab % (layout.block / MK_SLAB));
      }
      MK_UNROLL
      for (int c = 0; c < width; c++) {
        f32x16 scale = splat_f32(tile.scales[slab * width + c]), sum = sums[p][c];
        if (layout.halves) {
          sum = fma_f32(to_f32(dots[p][0][c]) * s.scale[0], scale, sum);
          sum = fma_f32(to_f32(dots[p][1][c]) * s.scale[1], scale, sum);
        } else {
          i32x16 dot = apart ? dots[p][0][c] + dots[p][1][c] : dots[p][0][c];
          sum = fma_f32(to_f32(dot) * s.scale[0], scale, sum);
        }
        if (layout.minimum && layout.halves) {
          sum = fma_f32(s.minimum[0], splat_f32(tile.scaled16[2 * slab * width + c]), sum);
          sum = fma_f32(s.minimum[1], splat_f32(tile.scaled16[(2 * slab + 1) * width + c]), sum);
        } else if (layout.minimum) {
          sum = fma_f32(s.minimum[0], splat_f32(tile.scaled32[slab * width + c]), sum);
        }
        sums[p][c] = sum;
      }
    }
  }
  MK_UNROLL
  for (int p = 0; p < count; p++) {
    MK_UNROLL
    for (int c = 0; c < width; c++) results[p][c] = sums[p][c];
  }
}

/// The same for unquantised weights: one input at a time.
MK_INLINE void multiply_float_tile(const uint32_t type, const int count, const int width, mk_panels panels,
                                   size_t inner, const float *x, f32x16 (*results)[6]) {
  f32x16 sums[4][6];
  MK_UNROLL
  for (int p = 0; p < count; p++) {
    MK_UNROLL
    for (int c = 0; c < width; c++) sums[p][c] = splat_f32(0);
  }
  for (size_t k = 0; k < inner; k++, x += width) {
    f32x16 w[4];
    MK_UNROLL
    for (int p = 0; p < count; p++) {
      switch (type) {
        case MK_F16: w[p] = load_f16((const uint16_t *)panels.at[p] + 16 * k); break;
        case MK_BF16: w[p] = load_bf16((const uint16_t *)panels.at[p] + 16 * k); break;
        default: w[p] = load_f32((const float *)panels.at[p] + 16 * k);
      }
    }
    MK_UNROLL
    for (int c = 0; c < width; c++) {
      f32x16 input = splat_f32(x[c]);
      MK_UNROLL
      for (int p = 0; p < count; p++) sums[p][c] = fma_f32(w[p], input, sums[p][c]);
    }
  }
  MK_UNROLL
  for (int p = 0; p < count; p++) {
    MK_UNROLL
    for (int c = 0; c < width; c++) results[p][c] = sums[p][c];
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

MK_INLINE void store_tile(const int count, const int width, size_t first_column, f32x16 (*sums)[6],
                          mk_destination to) {
  MK_UNROLL
  for (int p = 0; p < count; p++, to.row += MK_LANES, to.count -= MK_LANES) {
    MK_UNROLL
    for (int c = 0; c < width; c++) {
      f32x16 y = sums[p][c];
      size_t at = (first_column + c) * to.stride + to.row;
      if (to.bias) y += load_f32_partial(to.bias + to.row, to.count);
      if (to.residual) y += load_f32_partial(to.residual + at, to.count);
      store_f32_partial(to.outputs + at, y, to.count);
    }
  }
}

#define MK_TILE(type, count, width)                                                                              \
  do {                                                                                                           \
    f32x16 sums[count][6];                                                                                       \
    if (mk_is_float(type)) {                                                                                     \
      multiply_float_tile(type, count, width, panels, inner, (const float *)prepared + column * inner, sums);    \
    } else {                                                                                                     \
      mk_tile tile = mk_tile_at(prepared, inner, column, width);                                                 \
      multiply_tile(type, layout, count, width, panels, inner, tile, sums);                                      \
    }                                                                                                            \
    store_tile(count, width, column, sums, to);                                                                  \
  } while (0)

/// All columns against `count` panels whose type (or whose unpacked form) is known at compile time.
MK_INLINE void multiply_panels(const uint32_t type, const mk_layout layout, const int count, mk_panels panels,
                               size_t inner, const void *prepared, size_t columns, mk_destination to) {
  size_t column = 0, width;
  for (; column < columns; column += width) {
    width = mk_tile_width(columns - column);
    switch (width) {
      case 6: MK_TILE(type, count, 6); break;
      case 4: MK_TILE(type, count, 4); break;
      case 2: MK_TILE(type, count, 2); break;
      default: MK_TILE(type, count, 1);
    }
  }
}

/// Few columns: codes are unpacked in registers, as memory is what limits.
MK_INLINE void multiply_few(const uint32_t type, const mk_layout layout, mk_panels panels, size_t inner,
                            const void *prepared, size_t columns, mk_destination to) {
  size_t column = 0, width;
  for (; column < columns; column += width) {
    width = mk_tile_width(columns - column);
    switch (width) {
      case 4: MK_TILE(type, 1, 4); break;
      case 2: MK_TILE(type, 1, 2); break;
      default: MK_TILE(type, 1, 1);
    }
  }
}

#define MK_QUANTIZED_TYPES(X)                                                                                \
  X(MK_Q4_0) X(MK_Q4_1) X(MK_Q5_0) X(MK_Q5_1) X(MK_Q8_0) X(MK_IQ4_NL) X(MK_MXFP4) X(MK_Q2_K) X(MK_Q3_K)      \
  X(MK_Q4_K) X(MK_Q5_K) X(MK_Q6_K) X(MK_IQ4_XS)

static void multiply_narrow(const mk_matrix *matrix, mk_panels panels, const void *prepared, size_t columns,
                            mk_destination to) {
#define MK_CASE(T) \
  case T: multiply_few(T, mk_layout_of(T), panels, matrix->inner, prepared, columns, to); break;
  switch (matrix->type) { MK_QUANTIZED_TYPES(MK_CASE) }
#undef MK_CASE
}

static void unpack(uint32_t type, const uint8_t *panel, size_t inner, uint8_t *scratch) {
#define MK_CASE(T) \
  case T: unpack_panel(T, panel, inner, scratch); break;
  switch (type) { MK_QUANTIZED_TYPES(MK_CASE) }
#undef MK_CASE
}

/// Many columns: panels are unpacked once, and then only the shape of their scales matters.
static void multiply_unpacked(const mk_matrix *matrix, int count, mk_panels panels, const void *prepared,
                              size_t columns, mk_destination to) {
  const mk_layout of = mk_layout_of(matrix->type);
#define MK_SHAPE(halves, minimum)                                                                              \
  do {                                                                                                         \
    const mk_layout layout = {MK_SLAB, 0, 0, of.offset, halves, minimum};                                      \
    if (count == 2) {                                                                                          \
      multiply_panels(MK_UNPACKED, layout, 2, panels, matrix->inner, prepared, columns, to);                   \
    } else {                                                                                                   \
      multiply_panels(MK_UNPACKED, layout, 1, panels, matrix->inner, prepared, columns, to);                   \
    }                                                                                                          \
  } while (0)
  if (of.halves && of.minimum) {
    MK_SHAPE(true, true);
  } else if (of.halves) {
    MK_SHAPE(true, false);
  } else if (of.minimum) {
    MK_SHAPE(false, true);
  } else {
    MK_SHAPE(false, false);
  }
#undef MK_SHAPE
}

/// Unquantised weights, four panels at a time where there are so many.
static void multiply_floats(const mk_matrix *matrix, int count, mk_panels panels, const void *prepared, size_t columns,
                            mk_destination to) {
#define MK_CASE(T)                                                                                             \
  case T:                                                                                                      \
    if (count == 4) {                                                                                          \
      multiply_panels(T, mk_layout_of(T), 4, panels, matrix->inner, prepared, columns, to);                    \
    } else {                                                                                                   \
      multiply_panels(T, mk_layout_of(T), 1, panels, matrix->inner, prepared, columns, to);                    \
    }                                                                                                          \
    break;
  switch (matrix->type) { MK_CASE(MK_F32) MK_CASE(MK_F16) MK_CASE(MK_BF16) }
#undef MK_CASE
}

static void multiply(const mk_matrix *matrix, const void *prepared, size_t columns, size_t first, size_t last,
                     const float *bias, const float *residual, float *outputs, size_t stride, void *scratch) {
  const size_t panel_bytes = mk_panel_bytes(matrix->type, matrix->inner);
  const size_t unpacked_bytes = matrix->inner / MK_SLAB * MK_UNPACKED_SLAB;
  const bool is_float = mk_is_float(matrix->type), narrow = columns <= 4;
  const size_t together = is_float ? 4 : narrow ? 1 : 2;
  for (size_t p = first; p < last;) {
    const size_t count = last - p >= together ? together : 1;
    mk_panels panels;
    for (size_t i = 0; i < count; i++) {
      panels.at[i] = matrix->panels + (p + i) * panel_bytes;
      if (!is_float && !narrow) {
        uint8_t *to = (uint8_t *)scratch + i * unpacked_bytes;
        unpack(matrix->type, panels.at[i], matrix->inner, to);
        panels.at[i] = to;
      }
    }
    const size_t row = p * MK_LANES;
    const mk_destination to = {bias, residual, outputs, stride, row, matrix->rows - row};
    if (is_float) {
      multiply_floats(matrix, (int)count, panels, prepared, columns, to);
    } else if (narrow) {
      multiply_narrow(matrix, panels, prepared, columns, to);
    } else {
      multiply_unpacked(matrix, (int)count, panels, prepared, columns, to);
    }
    p += count;
  }
}
