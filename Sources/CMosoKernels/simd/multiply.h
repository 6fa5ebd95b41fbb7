// Products of packed matrices with prepared inputs.
//
// The order of the floating-point operations of one output is fixed: slab after slab, the exact integer sum times the
// weight's scale, fused into the running sum with the input's scale, then the minimum's term. Neither the number of
// columns nor the path (codes unpacked in registers or through scratch) changes it.

/// How far ahead of a product with few columns its weights are asked for, in bytes: what the processor asks for by itself
/// leaves a core waiting half of the time.
enum { MK_PREFETCH = 4096 };

#if defined(MK_SIMD_AVX2)
/// How many panels take turns where columns are many, and up to how many columns two packed panels are multiplied as they are.
/// Up to how many columns four panels of floats are.
enum { MK_TOGETHER = 4, MK_PAIR_COLUMNS = 0, MK_FLOAT_COLUMNS = 2 };

/// Whether codes are unpacked in registers for every few columns, however many there are: nibbles and bytes are in less time
/// than it takes to load them unpacked from further away.
MK_INLINE bool mk_unpacks_in_registers(const uint32_t type) {
  return type == MK_Q4_0 || type == MK_Q4_1 || type == MK_Q4_K || type == MK_Q8_0;
}

/// Up to how many columns packed panels are multiplied one at a time.
MK_INLINE size_t mk_narrow_columns(const uint32_t type) { return mk_unpacks_in_registers(type) ? 24 : 6; }
#else
/// How many panels are unpacked together where columns are many. Up to so many columns, which are one tile of prepared inputs,
/// two packed panels are multiplied as they are; more share the work of unpacking them. Of floats it is always four.
enum { MK_TOGETHER = 2, MK_PAIR_COLUMNS = MK_PREPARED_GROUP, MK_FLOAT_COLUMNS = INT32_MAX };

MK_INLINE bool mk_unpacks_in_registers(uint32_t type) { return (void)type, false; }
MK_INLINE size_t mk_narrow_columns(uint32_t type) { return (void)type, 4; }
#endif

/// Where each of the panels begins that one tile covers, and what is asked for meanwhile.
typedef struct {
  const uint8_t *at[4];
  /// How many panels take turns for each step of columns, if they do: a tile covers one of them then.
  int turns;
  /// The packed panels that are unpacked next, or none, and their bytes for each slab: they come while these are multiplied.
  const uint8_t *next;
  size_t next_slab;
} mk_panels;

#if defined(MK_SIMD_AVX2)
#include "multiply_avx2.h"
#endif

/// `count` panels by `width` columns, left in `results`.
///
/// Two panels by six columns keep twelve integer and twelve running sums in registers, and every load serves several of
/// them: the loads would limit otherwise, at one a cycle.
MK_INLINE void multiply_tile(const uint32_t type, const mk_layout layout, const int count, const int width,
                             mk_panels panels, size_t inner, mk_tile tile, f32x16 (*results)[6]) {
#if defined(MK_SIMD_AVX2)
  multiply_panel_tile(type, layout, width, panels, inner, tile, results[0]);
#else
  const size_t columns = tile.width;
  f32x16 sums[2][6];
  MK_UNROLL
  for (int p = 0; p < count; p++) {
    MK_UNROLL
    for (int c = 0; c < width; c++) sums[p][c] = splat_f32(0);
  }
  const int slab_bytes = layout.slab + layout.header * MK_SLAB / layout.block;
  for (size_t slab = 0; slab < inner / MK_SLAB; slab++) {
    const uint8_t *scales[2], *codes[2];
    MK_UNROLL
    for (int p = 0; p < count; p++) {
      if (type == MK_UNPACKED) {
        scales[p] = panels.at[p] + slab * MK_UNPACKED_SLAB;
        codes[p] = scales[p] + MK_UNPACKED_CODES;
      } else {
        scales[p] = slab_block(layout, panels.at[p], slab);
        codes[p] = slab_codes(layout, scales[p], slab);
        MK_UNROLL
        for (int b = 0; b < slab_bytes; b += 64) __builtin_prefetch(codes[p] + MK_PREFETCH + b);
      }
    }
    if (type == MK_UNPACKED && panels.next != NULL) {
      const uint8_t *next = panels.next + slab * panels.next_slab;
      for (size_t b = 0; b < panels.next_slab; b += 64) __builtin_prefetch(next + b);
    }
    const int8_t *x = tile.codes + slab * MK_SLAB * columns;
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
          start = -layout.offset * tile.sums16[(2 * slab + half) * columns + c];
        } else if (half == 0) {
          start = -layout.offset * tile.sums32[slab * columns + c];
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
          memcpy(&four, x + MK_SLAB * c + 4 * (4 * half + v), 4);
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
        f32x16 scale = splat_f32(tile.scales[slab * columns + c]), sum = sums[p][c];
        if (layout.halves) {
          sum = fma_f32(to_f32(dots[p][0][c]) * s.scale[0], scale, sum);
          sum = fma_f32(to_f32(dots[p][1][c]) * s.scale[1], scale, sum);
        } else {
          i32x16 dot = apart ? dots[p][0][c] + dots[p][1][c] : dots[p][0][c];
          sum = fma_f32(to_f32(dot) * s.scale[0], scale, sum);
        }
        if (layout.minimum && layout.halves) {
          sum = fma_f32(s.minimum[0], splat_f32(tile.scaled16[2 * slab * columns + c]), sum);
          sum = fma_f32(s.minimum[1], splat_f32(tile.scaled16[(2 * slab + 1) * columns + c]), sum);
        } else if (layout.minimum) {
          sum = fma_f32(s.minimum[0], splat_f32(tile.scaled32[slab * columns + c]), sum);
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
#endif
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
  const size_t slab = mk_layout_of(type).slab;
  for (size_t k = 0; k < inner; k++, x += width) {
    // Behind the end of a panel lies the next one, which is being read already: after it comes the one `count` further.
    const size_t ahead = slab * k + MK_PREFETCH, jump = ahead < slab * inner ? 0 : (count - 1) * slab * inner;
    f32x16 w[4];
    MK_UNROLL
    for (int p = 0; p < count; p++) {
      if (width == 1 && k % 2 == 0) __builtin_prefetch(panels.at[p] + ahead + jump);
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

#define MK_STEP(type, count, width)                                                                              \
  do {                                                                                                           \
    f32x16 sums[count][6];                                                                                       \
    if (mk_is_float(type)) {                                                                                     \
      multiply_float_tile(type, count, width, panels, inner, (const float *)prepared + column * inner, sums);    \
    } else {                                                                                                     \
      multiply_tile(type, layout, count, width, panels, inner, mk_tile_from(tile, column - tile_start), sums);   \
    }                                                                                                            \
    store_tile(count, width, column, sums, to);                                                                  \
  } while (0)

/// The columns of the part at hand, of `count` that are prepared.
typedef struct {
  size_t first, last, count;
} mk_columns;

/// All columns against `count` panels whose type (or whose unpacked form) is known at compile time.
MK_INLINE void multiply_panels(const uint32_t type, const mk_layout layout, const int count, mk_panels panels,
                               size_t inner, const void *prepared, mk_columns columns, mk_destination to) {
  for (size_t tile_start = columns.first; tile_start < columns.last;) {
    const mk_tile tile = mk_tile_at(prepared, inner, columns.count, tile_start);
    const bool is_last = mk_is_float(type) || tile_start + tile.width >= columns.last;
    size_t end = is_last ? columns.last : tile_start + tile.width;
    for (size_t column = tile_start, width; column < end; column += width) {
      width = mk_step_width(end - column);
      switch (width) {
        case 6: MK_STEP(type, count, 6); break;
        case 4: MK_STEP(type, count, 4); break;
        case 2: MK_STEP(type, count, 2); break;
        default: MK_STEP(type, count, 1);
      }
      panels.next = NULL;
    }
    tile_start = end;
  }
}

/// The same of panels that take turns: what a column's results lie beside is in one page of memory, and pages that were not
/// written to lately are hard to find.
MK_INLINE void multiply_in_turns(const uint32_t type, const mk_layout layout, mk_panels all, size_t inner,
                                 const void *prepared, mk_columns columns, mk_destination destination) {
  for (size_t tile_start = columns.first; tile_start < columns.last;) {
    const mk_tile tile = mk_tile_at(prepared, inner, columns.count, tile_start);
    const size_t end = tile_start + tile.width < columns.last ? tile_start + tile.width : columns.last;
    for (size_t column = tile_start, width; column < end; column += width) {
      width = mk_step_width(end - column);
      mk_destination to = destination;
      for (int turn = 0; turn < all.turns; turn++, to.row += MK_LANES, to.count -= MK_LANES) {
        const mk_panels panels = {.at = {all.at[turn]}, .next = turn == 0 ? all.next : NULL, .next_slab = all.next_slab};
        switch (width) {
          case 6: MK_STEP(type, 1, 6); break;
          case 4: MK_STEP(type, 1, 4); break;
          case 2: MK_STEP(type, 1, 2); break;
          default: MK_STEP(type, 1, 1);
        }
      }
      all.next = NULL;
    }
    tile_start = end;
  }
}

/// All columns against `count` packed panels, whose codes are unpacked in registers.
MK_INLINE void multiply_packed(const uint32_t type, const mk_layout layout, const int count, mk_panels panels,
                               size_t inner, const void *prepared, size_t columns,
                               const mk_destination *destination) {
  const mk_destination to = *destination;
  const size_t tile_start = 0;
  const mk_tile tile = mk_tile_at(prepared, inner, columns, tile_start);
  for (size_t column = 0, width; column < columns; column += width) {
    width = mk_step_width(columns - column);
    switch (width) {
      case 6: MK_STEP(type, count, 6); break;
      case 4: MK_STEP(type, count, 4); break;
      case 2: MK_STEP(type, count, 2); break;
      default: MK_STEP(type, count, 1);
    }
    panels.next = NULL;
  }
}

/// Few columns: memory is what limits, and one panel at a time is asked for soonest. On AVX2 more columns too, as codes of
/// several panels would not stay in the first cache with them.
///
/// Where results go is passed by address: copied as a whole right after its parts were written, it would be waited for.
static void multiply_narrow(const mk_matrix *matrix, const uint8_t *panel, const void *prepared, size_t columns,
                            const mk_destination *to) {
  const size_t slab_bytes = mk_panel_bytes(matrix->type, matrix->inner) / (matrix->inner / MK_SLAB);
  const mk_panels panels = {.at = {panel}, .next = panel + MK_PREFETCH, .next_slab = slab_bytes};
#define MK_CASE(T) \
  case T: multiply_packed(T, mk_layout_of(T), 1, panels, matrix->inner, prepared, columns, to); break;
  switch (matrix->type) { MK_QUANTIZED_TYPES(MK_CASE) }
#undef MK_CASE
}

/// Some columns, as many streams written at once are: two panels share each load of the inputs, and to unpack their codes
/// anew for every six columns costs less than to store and load them.
static void multiply_pair(const mk_matrix *matrix, mk_panels panels, const void *prepared, size_t columns,
                          const mk_destination *to) {
#define MK_CASE(T) \
  case T: multiply_packed(T, mk_layout_of(T), 2, panels, matrix->inner, prepared, columns, to); break;
  switch (matrix->type) { MK_QUANTIZED_TYPES(MK_CASE) }
#undef MK_CASE
}

/// Many columns: most panels are unpacked once, and then only the shape of their scales matters, or the size of their codes.
static void multiply_many(const mk_matrix *matrix, int count, mk_panels panels, const void *prepared, mk_columns columns,
                          mk_destination to) {
#if defined(MK_SIMD_AVX2)
  panels.turns = count;
#define MK_CASE(T)                                                                                             \
  case T: {                                                                                                    \
    const mk_layout of = mk_layout_of(T);                                                                      \
    const mk_layout unpacked = {MK_SLAB, 0, 0, of.offset, of.largest, of.halves, of.minimum};                  \
    if (mk_unpacks_in_registers(T)) {                                                                          \
      multiply_in_turns(T, of, panels, matrix->inner, prepared, columns, to);                                  \
    } else {                                                                                                   \
      multiply_in_turns(MK_UNPACKED, unpacked, panels, matrix->inner, prepared, columns, to);                  \
    }                                                                                                          \
    break;                                                                                                     \
  }
  switch (matrix->type) { MK_QUANTIZED_TYPES(MK_CASE) }
#undef MK_CASE
#else
  const mk_layout of = mk_layout_of(matrix->type);
#define MK_SHAPE(halves, minimum)                                                                              \
  do {                                                                                                         \
    const mk_layout layout = {MK_SLAB, 0, 0, of.offset, of.largest, halves, minimum};                          \
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
#endif
}

/// Unquantised weights, four panels at a time where there are so many.
static void multiply_floats(uint32_t type, size_t inner, int count, mk_panels panels, const void *prepared,
                            mk_columns columns, mk_destination to) {
#define MK_CASE(T)                                                                                \
  case T:                                                                                         \
    if (count == 4) {                                                                             \
      multiply_panels(T, mk_layout_of(T), 4, panels, inner, prepared, columns, to);               \
    } else {                                                                                      \
      multiply_panels(T, mk_layout_of(T), 1, panels, inner, prepared, columns, to);               \
    }                                                                                             \
    break;
  switch (type) { MK_CASE(MK_F32) MK_CASE(MK_F16) MK_CASE(MK_BF16) }
#undef MK_CASE
}

static void multiply(const mk_matrix *matrix, const void *prepared, size_t columns, mk_part part, const float *bias,
                     const float *residual, float *outputs, size_t stride, void *scratch) {
  const mk_columns some = {part.first_column, part.last_column, columns};
  const uint32_t type = matrix->type;
  const size_t inner = matrix->inner, panel_bytes = mk_panel_bytes(type, inner);
  const bool is_float = mk_is_float(type), narrow = columns <= (is_float ? 12 : mk_narrow_columns(type));
  // Types with a scale for each sixteen inputs have too many sums for two panels at once.
  const bool pairs = !is_float && !narrow && columns <= MK_PAIR_COLUMNS && !mk_layout_of(type).halves;
  const bool many = !is_float && !narrow && !pairs, unpacks = many && !mk_unpacks_in_registers(type);
  const bool widens = is_float && type != MK_F32 && !narrow;
  const size_t unpacked_bytes = widens ? inner * MK_LANES * sizeof(float) : inner / MK_SLAB * MK_UNPACKED_SLAB;
  const size_t together = is_float ? (columns <= MK_FLOAT_COLUMNS ? 4 : 1) : narrow ? 1 : many ? MK_TOGETHER : 2;
  for (size_t p = part.first_panel; p < part.last_panel;) {
    const size_t left = part.last_panel - p;
    const size_t count = left >= together ? together : many && MK_TOGETHER > 2 ? left : 1;
    mk_panels panels = {};
    if (many && p + count < part.last_panel) {
      const size_t coming = left - count < together ? 1 : together;
      panels.next = matrix->panels + (p + count) * panel_bytes;
      panels.next_slab = coming * panel_bytes / (inner / MK_SLAB);
    }
    for (size_t i = 0; i < count; i++) {
      panels.at[i] = matrix->panels + (p + i) * panel_bytes;
      uint8_t *to = (uint8_t *)scratch + i * unpacked_bytes;
      if (widens) widen_panel(type, panels.at[i], inner, to);
      if (unpacks) unpack(type, panels.at[i], inner, to);
      if (widens || unpacks) panels.at[i] = to;
    }
    const size_t row = p * MK_LANES;
    const mk_destination to = {bias, residual, outputs, stride, row, matrix->rows - row};
    if (is_float) {
      multiply_floats(widens ? MK_F32 : type, inner, (int)count, panels, prepared, some, to);
    } else if (narrow || (pairs && count == 1)) {
      multiply_narrow(matrix, panels.at[0], prepared, columns, &to);
    } else if (pairs) {
      multiply_pair(matrix, panels, prepared, columns, &to);
    } else {
      multiply_many(matrix, (int)count, panels, prepared, some, to);
    }
    p += count;
  }
}
