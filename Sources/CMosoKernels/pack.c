// From file blocks to panels. Memory shuffles only: no arithmetic, so nothing here is per instruction set.

#include <string.h>

#include "layout.h"

/// The 32 unsigned codes of slab `j` of one row's file block.
static void file_codes(uint32_t type, const uint8_t *b, size_t j, uint8_t codes[32]) {
  switch (type) {
    case MK_Q5_0:
    case MK_Q5_1: {
      const uint8_t *high = b + (type == MK_Q5_0 ? 2 : 4), *low = high + 4;
      for (int i = 0; i < 16; i++) {
        codes[i] = (uint8_t)((low[i] & 15) | (high[i / 8] >> (i % 8) & 1) << 4);
        codes[i + 16] = (uint8_t)(low[i] >> 4 | (high[2 + i / 8] >> (i % 8) & 1) << 4);
      }
      break;
    }
    case MK_MXFP4:
      for (int i = 0; i < 16; i++) {
        codes[i] = b[1 + i] & 15;
        codes[i + 16] = b[1 + i] >> 4;
      }
      break;
    case MK_Q2_K: {
      const uint8_t *low = b + 16 + 32 * (j / 4);
      for (int i = 0; i < 32; i++) codes[i] = low[i] >> (2 * (j % 4)) & 3;
      break;
    }
    case MK_Q3_K: {
      // A set bit of the mask means that 4 is not subtracted; as an unsigned code it adds 4.
      const uint8_t *high = b, *low = b + 32 + 32 * (j / 4);
      for (int i = 0; i < 32; i++) codes[i] = (uint8_t)((low[i] >> (2 * (j % 4)) & 3) | (high[i] >> j & 1) << 2);
      break;
    }
    case MK_Q4_K:
    case MK_Q5_K: {
      const uint8_t *low = b + (type == MK_Q4_K ? 16 : 48) + 32 * (j / 2);
      for (int i = 0; i < 32; i++) {
        codes[i] = low[i] >> (4 * (j % 2)) & 15;
        if (type == MK_Q5_K) codes[i] |= (uint8_t)((b[16 + i] >> j & 1) << 4);
      }
      break;
    }
    case MK_Q6_K: {
      // Half n of 128 values: quarters 0 and 1 are low nibbles of two runs of 32 bytes, 2 and 3 their high nibbles.
      size_t n = j / 4, quarter = j % 4;
      const uint8_t *low = b + 64 * n + 32 * (quarter % 2), *high = b + 128 + 32 * n;
      for (int i = 0; i < 32; i++) {
        codes[i] = (uint8_t)((low[i] >> (quarter / 2 * 4) & 15) | (high[i] >> (2 * quarter) & 3) << 4);
      }
      break;
    }
    case MK_IQ4_XS:
      for (int i = 0; i < 16; i++) {
        codes[i] = b[8 + 16 * j + i] & 15;
        codes[i + 16] = b[8 + 16 * j + i] >> 4;
      }
      break;
  }
}

/// Writes one row's codes of a slab into its lanes of the packed slab.
static void put_codes(mk_layout layout, uint32_t type, const uint8_t codes[32], size_t lane, uint8_t *slab) {
  uint32_t fours[8];
  memcpy(fours, codes, 32);
  bool two_bits = type == MK_Q2_K || type == MK_Q3_K;
  if (!two_bits) {
    for (int v = 0; v < 4; v++) {
      uint32_t nibbles = (fours[v] & 0x0f0f0f0f) | (fours[v + 4] & 0x0f0f0f0f) << 4;
      memcpy(slab + 64 * v + 4 * lane, &nibbles, 4);
    }
  }
  if (two_bits || type == MK_Q6_K) {
    uint8_t *plane = slab + (two_bits ? 0 : 256);
    int shift = two_bits ? 0 : 4;
    for (int u = 0; u < 2; u++) {
      uint32_t bits = 0;
      for (int t = 0; t < 4; t++) bits |= (fours[4 * u + t] >> shift & 0x03030303) << (2 * t);
      memcpy(plane + 64 * u + 4 * lane, &bits, 4);
    }
  }
  if (type == MK_Q3_K || layout.slab == 320) {
    uint8_t *plane = slab + (two_bits ? 128 : 256);
    int shift = two_bits ? 2 : 4;
    for (int g = 0; g < 8; g++) {
      uint32_t bits = fours[g] >> shift & 0x01010101;
      uint8_t four = (uint8_t)((bits | bits >> 7 | bits >> 14 | bits >> 21) & 15);
      plane[8 * g + lane / 2] |= (uint8_t)(four << (lane % 2 * 4));
    }
  }
}

/// Six-bit scale and minimum `j` of a Q4_K or Q5_K block.
static void file_scale_and_minimum(const uint8_t s[12], size_t j, uint8_t *scale, uint8_t *minimum) {
  if (j < 4) {
    *scale = s[j] & 63;
    *minimum = s[j + 4] & 63;
  } else {
    *scale = (uint8_t)((s[j + 4] & 15) | (s[j - 4] >> 6) << 4);
    *minimum = (uint8_t)(s[j + 4] >> 4 | (s[j] >> 6) << 4);
  }
}

/// Six-bit scale `i` of a Q3_K block, already centred.
static int8_t file_q3_scale(const uint8_t s[12], size_t i) {
  int low = i < 8 ? s[i] & 15 : s[i - 8] >> 4;
  int high = s[8 + i % 4] >> (2 * (i / 4)) & 3;
  return (int8_t)((low | high << 4) - 32);
}

/// Writes one row's scales into its lanes of the packed header.
static void put_scales(uint32_t type, const uint8_t *b, size_t lane, uint8_t *header) {
  uint8_t *first = header + 2 * lane, *second = header + 32 + 2 * lane;
  switch (type) {
    case MK_Q4_0:
    case MK_Q5_0:
    case MK_Q8_0:
    case MK_IQ4_NL: memcpy(first, b, 2); break;
    case MK_Q4_1:
    case MK_Q5_1:
      memcpy(first, b, 2);
      memcpy(second, b + 2, 2);
      break;
    case MK_MXFP4: {
      // 2^(e - 128), as the codes are doubled; the smallest two are subnormal.
      uint32_t bits = b[0] < 2 ? 0x00200000u << b[0] : (uint32_t)(b[0] - 1) << 23;
      uint16_t upper = (uint16_t)(bits >> 16);
      memcpy(first, &upper, 2);
      break;
    }
    case MK_Q2_K:
      memcpy(first, b + 80, 2);
      memcpy(second, b + 82, 2);
      for (int i = 0; i < 16; i++) header[64 + 16 * i + lane] = b[i];
      break;
    case MK_Q3_K:
      memcpy(first, b + 108, 2);
      for (size_t i = 0; i < 16; i++) header[32 + 16 * i + lane] = (uint8_t)file_q3_scale(b + 96, i);
      break;
    case MK_Q4_K:
    case MK_Q5_K:
      memcpy(first, b, 2);
      memcpy(second, b + 2, 2);
      for (size_t j = 0; j < 8; j++) {
        file_scale_and_minimum(b + 4, j, &header[64 + 32 * j + lane], &header[64 + 32 * j + 16 + lane]);
      }
      break;
    case MK_Q6_K:
      memcpy(first, b + 208, 2);
      for (int i = 0; i < 16; i++) header[32 + 16 * i + lane] = b[192 + i];
      break;
    case MK_IQ4_XS: {
      memcpy(first, b, 2);
      uint16_t high;
      memcpy(&high, b + 2, 2);
      for (int j = 0; j < 8; j++) {
        int scale = (b[4 + j / 2] >> (4 * (j % 2)) & 15) | (high >> (2 * j) & 3) << 4;
        header[32 + 16 * j + lane] = (uint8_t)(scale - 32);
      }
      break;
    }
  }
}

static size_t file_block_bytes(uint32_t type) {
  switch (type) {
    case MK_F32: return 4;
    case MK_F16:
    case MK_BF16: return 2;
    case MK_Q4_0:
    case MK_IQ4_NL: return 18;
    case MK_Q4_1: return 20;
    case MK_Q5_0: return 22;
    case MK_Q5_1: return 24;
    case MK_Q8_0: return 34;
    case MK_MXFP4: return 17;
    case MK_Q2_K: return 84;
    case MK_Q3_K: return 110;
    case MK_Q4_K: return 144;
    case MK_Q5_K: return 176;
    case MK_Q6_K: return 210;
    case MK_IQ4_XS: return 136;
    default: return 0;
  }
}

/// The types whose file codes are already four inputs a word in the packed order.
static bool pack_words(uint32_t type, const uint8_t *b, size_t lane, uint8_t *slab) {
  size_t words = type == MK_Q8_0 ? 8 : 4;
  uint32_t flip = type == MK_Q8_0 ? 0x80808080 : 0;
  switch (type) {
    case MK_Q4_0:
    case MK_IQ4_NL:
    case MK_Q8_0: b += 2; break;
    case MK_Q4_1: b += 4; break;
    default: return false;
  }
  for (size_t v = 0; v < words; v++) {
    uint32_t word;
    memcpy(&word, b + 4 * v, 4);
    word ^= flip;
    memcpy(slab + 64 * v + 4 * lane, &word, 4);
  }
  return true;
}

static void pack_quantized_panel(uint32_t type, const uint8_t *rows, size_t row_bytes, size_t count, size_t inner,
                                 uint8_t *panel) {
  const mk_layout layout = mk_layout_of(type);
  const size_t slabs = layout.block / MK_SLAB, file_bytes = file_block_bytes(type);
  for (size_t block = 0; block < inner / layout.block; block++, panel += mk_block_bytes(layout)) {
    // Bit planes are or-ed together, and rows that do not exist must read as zero.
    if (count < MK_LANES || type == MK_Q3_K || layout.slab == 320) memset(panel, 0, mk_block_bytes(layout));
    for (size_t lane = 0; lane < count; lane++) {
      const uint8_t *b = rows + lane * row_bytes + block * file_bytes;
      put_scales(type, b, lane, panel);
      uint8_t *slab = panel + layout.header;
      for (size_t j = 0; j < slabs; j++, slab += layout.slab) {
        if (pack_words(type, b, lane, slab)) continue;
        uint8_t codes[32];
        file_codes(type, b, j, codes);
        put_codes(layout, type, codes, lane, slab);
      }
    }
  }
}

static void pack_float_panel(uint32_t type, const uint8_t *rows, size_t row_bytes, size_t count, size_t inner,
                             uint8_t *panel) {
  const size_t bytes = type == MK_F32 ? 4 : 2;
  if (count < MK_LANES) memset(panel, 0, inner * MK_LANES * bytes);
  for (size_t lane = 0; lane < count; lane++) {
    const uint8_t *row = rows + lane * row_bytes;
    uint8_t *to = panel + lane * bytes;
    if (bytes == 4) {
      for (size_t k = 0; k < inner; k++) memcpy(to + k * 64, row + k * 4, 4);
    } else {
      for (size_t k = 0; k < inner; k++) memcpy(to + k * 32, row + k * 2, 2);
    }
  }
}

size_t mk_panel_bytes(uint32_t type, size_t inner) {
  mk_layout layout = mk_layout_of(type);
  return inner / layout.block * mk_block_bytes(layout);
}

void mk_pack_panels(uint32_t type, const void *blocks, size_t row_bytes, size_t rows, size_t inner, size_t first,
                    size_t last, void *panels) {
  const size_t panel_bytes = mk_panel_bytes(type, inner);
  for (size_t p = first; p < last; p++) {
    const uint8_t *from = (const uint8_t *)blocks + p * MK_LANES * row_bytes;
    uint8_t *to = (uint8_t *)panels + p * panel_bytes;
    size_t count = rows - p * MK_LANES < MK_LANES ? rows - p * MK_LANES : MK_LANES;
    if (mk_is_float(type)) {
      pack_float_panel(type, from, row_bytes, count, inner, to);
    } else {
      pack_quantized_panel(type, from, row_bytes, count, inner, to);
    }
  }
}

size_t mk_prepared_bytes(uint32_t type, size_t inner, size_t columns) {
  return columns * (mk_is_float(type) ? inner * sizeof(float) : mk_quantized_column_bytes(inner));
}

size_t mk_multiply_scratch_bytes(uint32_t type, size_t inner) {
  if (type == MK_F32) return 0;
  // Four panels of floats, or four whose slabs have four scale vectors and eight code vectors.
  return mk_is_float(type) ? 4 * MK_LANES * sizeof(float) * inner : inner / MK_SLAB * (4 * 12 * 64);
}
