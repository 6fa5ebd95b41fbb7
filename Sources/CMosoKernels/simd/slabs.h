// Unpacking one slab (sixteen rows by 32 inputs) of each type into scales and unsigned byte codes.

/// The scales of a slab, and its minimums where the type has them; `[1]` only where each half has its own.
typedef struct {
  f32x16 scale[2];
  f32x16 minimum[2];
} mk_slab_scales;

MK_INLINE mk_slab_scales slab_scales(const uint32_t type, const uint8_t *block, size_t slab) {
  mk_slab_scales s = {};
  const uint16_t *halfs = (const uint16_t *)block;
  switch (type) {
    case MK_Q4_0:
    case MK_Q5_0:
    case MK_Q8_0:
    case MK_IQ4_NL: s.scale[0] = load_f16(halfs); break;
    case MK_Q4_1:
    case MK_Q5_1:
      s.scale[0] = load_f16(halfs);
      s.minimum[0] = load_f16(halfs + 16);
      break;
    case MK_MXFP4: s.scale[0] = load_bf16(halfs); break;
    case MK_Q4_K:
    case MK_Q5_K:
      s.scale[0] = load_f16(halfs) * load_u8_as_f32(block + 64 + 32 * slab);
      s.minimum[0] = -(load_f16(halfs + 16) * load_u8_as_f32(block + 64 + 32 * slab + 16));
      break;
    case MK_Q2_K: {
      f32x16 d = load_f16(halfs), dmin = load_f16(halfs + 16);
      for (int half = 0; half < 2; half++) {
        u8x16 both = *(const u8x16_unaligned *)(block + 64 + 32 * slab + 16 * half);
        s.scale[half] = d * __builtin_convertvector(both & 15, f32x16);
        s.minimum[half] = -(dmin * __builtin_convertvector(both >> 4, f32x16));
      }
      break;
    }
    case MK_Q3_K:
    case MK_Q6_K: {
      f32x16 d = load_f16(halfs);
      for (int half = 0; half < 2; half++) {
        s.scale[half] = d * load_i8_as_f32((const int8_t *)block + 32 + 32 * slab + 16 * half);
      }
      break;
    }
    case MK_IQ4_XS: s.scale[0] = load_f16(halfs) * load_i8_as_f32((const int8_t *)block + 32 + 16 * slab); break;
  }
  return s;
}

/// Two groups of codes: `v` and `v + 4`.
typedef struct {
  u8x64 low, high;
} mk_group_pair;

MK_INLINE mk_group_pair slab_groups(const uint32_t type, const uint8_t *codes, int v) {
  u8x64 packed;
  switch (type) {
    case MK_Q8_0: return (mk_group_pair){load_u8(codes + 64 * v), load_u8(codes + 64 * (v + 4))};
    case MK_Q2_K:
    case MK_Q3_K: {
      mk_group_pair pair;
      pair.low = (u8x64)((u16x32)load_u8(codes) >> (2 * v)) & 3;
      pair.high = (u8x64)((u16x32)load_u8(codes + 64) >> (2 * v)) & 3;
      if (type == MK_Q3_K) {
        pair.low = add_where(pair.low, codes + 128 + 8 * v, 4);
        pair.high = add_where(pair.high, codes + 128 + 8 * (v + 4), 4);
      }
      return pair;
    }
    default: packed = load_u8(codes + 64 * v);
  }
  mk_group_pair pair = {low_nibbles(packed), high_nibbles(packed)};
  switch (type) {
    case MK_IQ4_NL:
    case MK_IQ4_XS: return (mk_group_pair){look_up(mk_iq4_codes, pair.low), look_up(mk_iq4_codes, pair.high)};
    case MK_MXFP4: return (mk_group_pair){look_up(mk_mxfp4_codes, pair.low), look_up(mk_mxfp4_codes, pair.high)};
    case MK_Q5_0:
    case MK_Q5_1:
    case MK_Q5_K:
      return (mk_group_pair){add_where(pair.low, codes + 256 + 8 * v, 16),
                             add_where(pair.high, codes + 256 + 8 * (v + 4), 16)};
    case MK_Q6_K: {
      u8x64 low = (u8x64)((u16x32)load_u8(codes + 256) >> (2 * v)) & 3;
      u8x64 high = (u8x64)((u16x32)load_u8(codes + 320) >> (2 * v)) & 3;
      return (mk_group_pair){pair.low | low << 4, pair.high | high << 4};
    }
    default: return pair;
  }
}

MK_INLINE const uint8_t *slab_block(const mk_layout layout, const uint8_t *panel, size_t slab) {
  return panel + slab / (layout.block / MK_SLAB) * mk_block_bytes(layout);
}

MK_INLINE const uint8_t *slab_codes(const mk_layout layout, const uint8_t *block, size_t slab) {
  return block + layout.header + slab % (layout.block / MK_SLAB) * layout.slab;
}
