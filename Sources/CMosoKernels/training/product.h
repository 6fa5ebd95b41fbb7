// Products of two matrices, for training: any order of rows and columns, any part of the outputs.
//
// Panels of the right matrix and blocks of rows of the left one are copied so that a tile reads them one after another (Goto
// and van de Geijn, 2008). The order of one output's sum is fixed: the inner dimension is cut into blocks, each summed from
// nothing with fused operations and then added to what is there. Neither the part nor the tile changes it.

/// A tile of the outputs, so many rows by so many vectors, whose sums stay in registers.
#if defined(MK_SIMD_AVX512)
enum { MK_TILE_ROWS = 12, MK_TILE_VECTORS = 2 };
#elif defined(MK_NUMBERS_F64)
enum { MK_TILE_ROWS = 4, MK_TILE_VECTORS = 1 };
#else
enum { MK_TILE_ROWS = 6, MK_TILE_VECTORS = 1 };
#endif

enum { MK_TILE_COLUMNS = MK_REALS * MK_TILE_VECTORS };

/// One tile: `out` becomes, or is increased by, `Σ left(r, k) · right[k][c]`, where rows of the right matrix are contiguous;
/// then `addend` is added to it, if there is one.
MK_INLINE void multiply_tile(const real *left, ptrdiff_t left_row, ptrdiff_t left_inner, const real *right,
                             ptrdiff_t right_inner, size_t inner, real *out, ptrdiff_t out_row, const int vectors,
                             bool adds, const real *addend) {
  reals sums[MK_TILE_ROWS][MK_TILE_VECTORS];
  MK_UNROLL
  for (int r = 0; r < MK_TILE_ROWS; r++) {
    // Asked for now, it is there when the sums are.
    __builtin_prefetch(out + r * out_row, 1);
    MK_UNROLL
    for (int v = 0; v < vectors; v++) sums[r][v] = splat(0);
  }
  // Four at a time: a processor that shares its front end with another thread then has less to decode.
  _Pragma("clang loop unroll_count(4)") for (size_t k = 0; k < inner; k++) {
    reals b[MK_TILE_VECTORS];
    MK_UNROLL
    for (int v = 0; v < vectors; v++) b[v] = load(right + (ptrdiff_t)k * right_inner + MK_REALS * v);
    MK_UNROLL
    for (int r = 0; r < MK_TILE_ROWS; r++) {
      const reals a = splat(left[r * left_row + (ptrdiff_t)k * left_inner]);
      MK_UNROLL
      for (int v = 0; v < vectors; v++) sums[r][v] = fused(a, b[v], sums[r][v]);
    }
  }
  MK_UNROLL
  for (int r = 0; r < MK_TILE_ROWS; r++) {
    MK_UNROLL
    for (int v = 0; v < vectors; v++) {
      real *p = out + r * out_row + MK_REALS * v;
      reals sum = adds ? load(p) + sums[r][v] : sums[r][v];
      if (addend) sum += load(addend + r * out_row + MK_REALS * v);
      store(p, sum);
    }
  }
}

#if defined(MK_NUMBERS_F64)
MK_INLINE void round_for_product(real *values, size_t count) {
  (void)values;
  (void)count;
}
#else
/// Rounds to bfloat16, to nearest, ties to even. A NaN stays one.
MK_INLINE void round_for_product(real *values, size_t count) {
  for (size_t i = 0; i < count; i += MK_REALS) {
    const reals v = load(values + i);
    const u32x16 bits = (u32x16)v;
    const reals rounded = (reals)((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
    store(values + i, where_f32(v == v, rounded, v));
  }
}
#endif

/// Copies lines that are contiguous, `apart` apart, side by side: `to[k · width + line]`. Lines past `count` become zeros.
MK_INLINE void interleave(const real *from, ptrdiff_t apart, size_t count, size_t inner, real *to, const size_t width) {
  size_t k = 0;
#if !defined(MK_NUMBERS_F64)
  if (count == width) {
    typedef f32x4 f32x4_unaligned __attribute__((aligned(4), may_alias));
    for (; k + 4 <= inner; k += 4) {
      MK_UNROLL
      for (size_t line = 0; line < width; line += 4) {
        const size_t some = width - line < 4 ? width - line : 4;
        const real *p = from + (ptrdiff_t)line * apart + k;
        const f32x4 a = *(const f32x4_unaligned *)p, b = *(const f32x4_unaligned *)(p + apart);
        const f32x4 c = some < 4 ? a : *(const f32x4_unaligned *)(p + 2 * apart);
        const f32x4 d = some < 4 ? b : *(const f32x4_unaligned *)(p + 3 * apart);
        const f32x4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        const f32x4 ef = __builtin_shufflevector(a, b, 2, 6, 3, 7), gh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        const f32x4 columns[4] = {
            __builtin_shufflevector(ab, cd, 0, 1, 4, 5), __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
            __builtin_shufflevector(ef, gh, 0, 1, 4, 5), __builtin_shufflevector(ef, gh, 2, 3, 6, 7)};
        MK_UNROLL
        for (int i = 0; i < 4; i++) memcpy(to + (k + i) * width + line, &columns[i], some * sizeof(real));
      }
    }
  }
#endif
  for (; k < inner; k++) {
    for (size_t line = 0; line < width; line++)
      to[k * width + line] = line < count ? from[(ptrdiff_t)line * apart + (ptrdiff_t)k] : 0;
  }
}

/// The same where it is the lines that are side by side, and each one's numbers that are `apart`.
MK_INLINE void copy_lines(const real *from, ptrdiff_t apart, size_t count, size_t inner, real *to, const size_t width) {
  for (size_t k = 0; k < inner; k++, from += apart, to += width) {
    if (count == width) {
      memcpy(to, from, width * sizeof(real));
    } else {
      for (size_t line = 0; line < width; line++) to[line] = line < count ? from[line] : 0;
    }
  }
}

MK_INLINE size_t least(size_t a, size_t b) { return a < b ? a : b; }
MK_INLINE size_t rounded_up(size_t value, size_t step) { return (value + step - 1) / step * step; }

/// The next block of the inner dimension after `from`: where it ends. `segment` moves on with it.
MK_INLINE size_t block_end(const mk_product *p, size_t from, size_t *segment) {
  while (p->ends[*segment] <= from) ++*segment;
  return least(p->ends[*segment], from + MK_PRODUCT_BLOCK);
}

static size_t right_bytes(size_t columns, size_t inner) {
  return rounded_up(columns, MK_TILE_COLUMNS) * inner * sizeof(real);
}

MK_INLINE void copy_right_panels(const mk_product *p, size_t first, size_t last, real *copy, const bool rounds) {
  const size_t padded = rounded_up(p->columns, MK_TILE_COLUMNS);
  size_t segment = 0;
  for (size_t from = 0; from < p->inner;) {
    const size_t end = block_end(p, from, &segment), inner = end - from;
    for (size_t panel = first; panel < last; panel++) {
      const size_t column = panel * MK_TILE_COLUMNS, some = least(p->columns - column, MK_TILE_COLUMNS);
      const real *b = (const real *)p->right + (ptrdiff_t)from * p->right_inner + (ptrdiff_t)column * p->right_column;
      real *to = copy + from * padded + panel * inner * MK_TILE_COLUMNS;
      if (p->right_inner == 1) {
        interleave(b, p->right_column, some, inner, to, MK_TILE_COLUMNS);
      } else {
        copy_lines(b, p->right_inner, some, inner, to, MK_TILE_COLUMNS);
      }
      if (rounds) round_for_product(to, inner * MK_TILE_COLUMNS);
    }
    from = end;
  }
}

/// A block of the left matrix, and a tile at the edge; numbers beyond a tile's rows are read by none but rounded with them.
static size_t product_scratch(void) {
  return (MK_PRODUCT_ROWS * MK_PRODUCT_BLOCK + MK_TILE_ROWS * MK_TILE_COLUMNS + MK_REALS) * sizeof(real);
}

MK_INLINE void multiply_part(const mk_product *p, const real *right, size_t first_row, size_t last_row, size_t first,
                             size_t last, real *scratch, const bool rounds) {
  real *edge = scratch, *left = edge + MK_TILE_ROWS * MK_TILE_COLUMNS;
  const size_t padded = rounded_up(p->columns, MK_TILE_COLUMNS);
  bool adds = p->adds;
  size_t segment = 0;
  for (size_t from = 0; from < p->inner;) {
    const size_t end = block_end(p, from, &segment), inner = end - from;
    for (size_t row = first_row; row < last_row; row += MK_TILE_ROWS) {
      const real *a = (const real *)p->left + (ptrdiff_t)row * p->left_row + (ptrdiff_t)from * p->left_inner;
      const size_t some = least(last_row - row, MK_TILE_ROWS);
      real *to = left + (row - first_row) * inner;
      if (p->left_inner == 1) {
        interleave(a, p->left_row, some, inner, to, MK_TILE_ROWS);
      } else {
        copy_lines(a, p->left_inner, some, inner, to, MK_TILE_ROWS);
      }
      if (rounds) round_for_product(to, inner * MK_TILE_ROWS);
    }
    const real *last_addend = end == p->inner ? p->addend : NULL;
    for (size_t panel = first; panel < last; panel++) {
      const real *b = right + from * padded + panel * inner * MK_TILE_COLUMNS;
      const size_t column = panel * MK_TILE_COLUMNS, columns = least(p->columns - column, MK_TILE_COLUMNS);
      for (size_t row = first_row; row < last_row; row += MK_TILE_ROWS) {
        const size_t rows = least(last_row - row, MK_TILE_ROWS);
        const real *a = left + (row - first_row) * inner;
        const ptrdiff_t place = (ptrdiff_t)row * p->out_row + (ptrdiff_t)column;
        real *out = (real *)p->out + place;
        const real *addend = last_addend ? last_addend + place : NULL;
        if (rows == MK_TILE_ROWS && columns == MK_TILE_COLUMNS) {
          multiply_tile(a, 1, MK_TILE_ROWS, b, MK_TILE_COLUMNS, inner, out, p->out_row, MK_TILE_VECTORS, adds,
                        addend);
        } else {
          multiply_tile(a, 1, MK_TILE_ROWS, b, MK_TILE_COLUMNS, inner, edge, MK_TILE_COLUMNS, MK_TILE_VECTORS, false,
                        NULL);
          for (size_t y = 0; y < rows; y++) {
            for (size_t x = 0; x < columns; x++) {
              const ptrdiff_t at = (ptrdiff_t)y * p->out_row + (ptrdiff_t)x;
              const real sum = edge[y * MK_TILE_COLUMNS + x], total = adds ? out[at] + sum : sum;
              out[at] = addend ? total + addend[at] : total;
            }
          }
        }
      }
    }
    adds = true;
    from = end;
  }
}

static void copy_right(const mk_product *p, size_t first, size_t last, void *copy) {
  copy_right_panels(p, first, last, copy, false);
}
static void multiply(const mk_product *p, const void *right, size_t first_row, size_t last_row, size_t first,
                     size_t last, void *scratch) {
  multiply_part(p, right, first_row, last_row, first, last, scratch, false);
}

#if !defined(MK_NUMBERS_F64)
static void copy_right_rounded(const mk_product *p, size_t first, size_t last, void *copy) {
  copy_right_panels(p, first, last, copy, true);
}
static void multiply_rounded(const mk_product *p, const void *right, size_t first_row, size_t last_row, size_t first,
                             size_t last, void *scratch) {
  multiply_part(p, right, first_row, last_row, first, last, scratch, true);
}
#endif
