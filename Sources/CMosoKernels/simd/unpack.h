// One row's values out of a packed matrix: what an embedding look-up reads.

static void unpack_row(const mk_matrix *matrix, size_t row, float *values) {
  const uint8_t *panel = matrix->panels + row / MK_LANES * mk_panel_bytes(matrix->type, matrix->inner);
  const size_t lane = row % MK_LANES;
  const mk_layout layout = mk_layout_of(matrix->type);
  if (mk_is_float(matrix->type)) {
    for (size_t k = 0; k < matrix->inner; k++) {
      switch (matrix->type) {
        case MK_F16: values[k] = load_f16((const uint16_t *)panel + 16 * k)[lane]; break;
        case MK_BF16: values[k] = load_bf16((const uint16_t *)panel + 16 * k)[lane]; break;
        default: values[k] = ((const float *)panel)[16 * k + lane];
      }
    }
    return;
  }
  for (size_t slab = 0; slab < matrix->inner / MK_SLAB; slab++) {
    const uint8_t *block = slab_block(layout, panel, slab);
    const uint8_t *codes = slab_codes(layout, block, slab);
    const mk_slab_scales scales = slab_scales(matrix->type, block, slab % (layout.block / MK_SLAB));
    for (int v = 0; v < 4; v++) {
      mk_group_pair pair = slab_groups(matrix->type, codes, v);
      for (int half = 0; half < 2; half++) {
        int of = layout.halves ? half : 0;
        const u8x64 group = half == 0 ? pair.low : pair.high;
        for (int i = 0; i < 4; i++) {
          float code = (float)(group[4 * lane + i] - layout.offset);
          // Two roundings, as the formats' reference has them.
          float product = code * scales.scale[of][lane];
          values[slab * MK_SLAB + 16 * half + 4 * v + i] = product + scales.minimum[of][lane];
        }
      }
    }
  }
}
