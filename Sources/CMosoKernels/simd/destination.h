// Where a product's results go, and what is added to them on the way.

/// Where a tile's results go.
typedef struct {
  const float *bias;
  const float *residual;
  float *outputs;
  size_t stride;
  /// The panel's first row, and how many rows exist from there on.
  size_t row, count;
} mk_destination;

/// Sixteen rows of one column.
MK_INLINE void store_sums(f32x16 sums, size_t column, mk_destination to) {
  const size_t at = column * to.stride + to.row;
  if (to.bias) sums += load_f32_partial(to.bias + to.row, to.count);
  if (to.residual) sums += load_f32_partial(to.residual + at, to.count);
  store_f32_partial(to.outputs + at, sums, to.count);
}

MK_INLINE void store_tile(const int count, const int width, size_t first_column, f32x16 (*sums)[6],
                          mk_destination to) {
  MK_UNROLL
  for (int p = 0; p < count; p++, to.row += MK_LANES, to.count -= MK_LANES) {
    MK_UNROLL
    for (int c = 0; c < width; c++) {
      store_sums(sums[p][c], first_column + c, to);
    }
  }
}
