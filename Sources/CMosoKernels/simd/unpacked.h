// A panel unpacked into scratch, so that many columns share the work of unpacking it.
//
// A slab is two vectors of scales, two of minimums, and eight groups of codes.

enum { MK_UNPACKED_SLAB = 4 * 64 + 8 * 64, MK_UNPACKED_CODES = 4 * 64 };

/// A made-up type: a panel already unpacked into scratch.
enum { MK_UNPACKED = 1000 };

#define MK_QUANTIZED_TYPES(X)                                                                                \
  X(MK_Q4_0) X(MK_Q4_1) X(MK_Q5_0) X(MK_Q5_1) X(MK_Q8_0) X(MK_IQ4_NL) X(MK_MXFP4) X(MK_Q2_K) X(MK_Q3_K)      \
  X(MK_Q4_K) X(MK_Q5_K) X(MK_Q6_K) X(MK_IQ4_XS)

MK_INLINE void unpack_panel(const uint32_t type, const uint8_t *panel, size_t inner, uint8_t *scratch) {
  const mk_layout layout = mk_layout_of(type);
  for (size_t slab = 0; slab < inner / MK_SLAB; slab++, scratch += MK_UNPACKED_SLAB) {
    const uint8_t *block = slab_block(layout, panel, slab);
    const uint8_t *codes = slab_codes(layout, block, slab);
    mk_slab_scales scales = slab_scales(type, block, slab % (layout.block / MK_SLAB));
    memcpy(scratch, &scales, sizeof scales);
    for (int v = 0; v < 4; v++) {
      mk_group_pair pair = slab_groups(type, codes, v);
      store_u8(scratch + MK_UNPACKED_CODES + 64 * v, pair.low);
      store_u8(scratch + MK_UNPACKED_CODES + 64 * (v + 4), pair.high);
    }
  }
}

static void unpack(uint32_t type, const uint8_t *panel, size_t inner, uint8_t *scratch) {
#define MK_CASE(T) \
  case T: unpack_panel(T, panel, inner, scratch); break;
  switch (type) { MK_QUANTIZED_TYPES(MK_CASE) }
#undef MK_CASE
}

/// The same for 16-bit floats: floats that need no conversion for every few columns anew.
static void widen_panel(uint32_t type, const uint8_t *panel, size_t inner, uint8_t *scratch) {
  const uint16_t *halfs = (const uint16_t *)panel;
  float *to = (float *)scratch;
  for (size_t k = 0; k < inner; k++, halfs += MK_LANES, to += MK_LANES) {
    store_f32(to, type == MK_F16 ? load_f16(halfs) : load_bf16(halfs));
  }
}
