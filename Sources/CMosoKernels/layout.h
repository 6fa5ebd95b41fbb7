// How a packed matrix lies in memory.
//
// Sixteen rows make a panel, so that one vector lane is one output and no sum runs across lanes. A panel is a sequence of
// blocks, each sixteen rows by 32 inputs (by 256 for the K types). Within a block, the scales of the sixteen rows come
// first and the codes after, in slabs of 32 inputs. A slab has eight groups: group g holds inputs 4g…4g+3 of all
// sixteen rows, 64 bytes once unpacked, in the order the 8-bit dot instructions take. Codes stay as narrow as in the file:
//
//   nibbles   256 bytes: byte i of vector v is group v (low nibble) and group v+4 (high nibble)
//   bit plane  64 bytes: eight 64-bit masks, one per group
//   two bits  128 bytes: byte i of vector u holds groups 4u…4u+3, two bits each, lowest first
//   bytes     512 bytes: one vector per group
//
// Codes are unsigned; `mk_layout.offset` is what was added to make them so.

#ifndef MK_LAYOUT_H
#define MK_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mk_matrix.h"

enum { MK_LANES = 16, MK_SLAB = 32 };

typedef struct {
  /// Inputs per packed block: 32 or 256; 1 for the unquantised types.
  uint16_t block;
  /// Bytes of scales ahead of the codes of a block of sixteen rows.
  uint16_t header;
  /// Bytes of codes per slab.
  uint16_t slab;
  /// What was added to the signed codes of a symmetric type; 0 where the type has a minimum instead.
  uint8_t offset;
  /// The largest code.
  uint8_t largest;
  /// Whether each sixteen inputs have a scale of their own, rather than each 32.
  bool halves;
  /// Whether values have a minimum added beside the scaled code.
  bool minimum;
} mk_layout;

static inline __attribute__((always_inline)) mk_layout mk_layout_of(uint32_t type) {
  switch (type) {
    case MK_F32: return (mk_layout){1, 0, 64, 0, 0, false, false};
    case MK_F16:
    case MK_BF16: return (mk_layout){1, 0, 32, 0, 0, false, false};
    case MK_Q4_0: return (mk_layout){32, 32, 256, 8, 15, false, false};
    case MK_Q4_1: return (mk_layout){32, 64, 256, 0, 15, false, true};
    case MK_Q5_0: return (mk_layout){32, 32, 320, 16, 31, false, false};
    case MK_Q5_1: return (mk_layout){32, 64, 320, 0, 31, false, true};
    case MK_Q8_0: return (mk_layout){32, 32, 512, 128, 255, false, false};
    case MK_IQ4_NL: return (mk_layout){32, 32, 256, 128, 241, false, false};
    case MK_MXFP4: return (mk_layout){32, 32, 256, 12, 24, false, false};
    case MK_Q2_K: return (mk_layout){256, 64 + 256, 128, 0, 3, true, true};
    case MK_Q3_K: return (mk_layout){256, 32 + 256, 192, 4, 7, true, false};
    case MK_Q4_K: return (mk_layout){256, 64 + 256, 256, 0, 15, false, true};
    case MK_Q5_K: return (mk_layout){256, 64 + 256, 320, 0, 31, false, true};
    case MK_Q6_K: return (mk_layout){256, 32 + 256, 384, 32, 63, true, false};
    case MK_IQ4_XS: return (mk_layout){256, 32 + 128, 256, 128, 241, false, false};
    default: return (mk_layout){0};
  }
}

static inline __attribute__((always_inline)) bool mk_is_float(uint32_t type) {
  return type == MK_F32 || type == MK_F16 || type == MK_BF16;
}

/// The bytes of one packed block of sixteen rows.
static inline __attribute__((always_inline)) size_t mk_block_bytes(mk_layout layout) {
  return layout.block < MK_SLAB ? layout.slab : layout.header + (size_t)layout.slab * (layout.block / MK_SLAB);
}

// Code tables, as unsigned codes (value plus offset).
static const uint8_t mk_iq4_codes[16] = {1,   24,  45,  63,  79,  93,  106, 118,
                                         129, 141, 153, 166, 181, 197, 217, 241};
static const uint8_t mk_mxfp4_codes[16] = {12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0};

// Inputs prepared for a product are laid out in tiles of columns, so that a kernel reads them in order.
//
// Quantised, a tile of `width` columns (48, the last what is left) holds 8-bit codes [inner/32][width][32], then per 32
// inputs a scale f32 [inner/32][width], the codes' sum i32 and the same scaled f32, then per 16 inputs both sums
// [inner/16][width]. Unquantised: values f32 [inner][width] in tiles of six and less, as kernels take them.

/// The width of the tile of quantised inputs that begins where `remaining` columns are left.
static inline __attribute__((always_inline)) size_t mk_quantized_tile_width(size_t remaining) {
  return remaining < MK_PREPARED_GROUP ? remaining : MK_PREPARED_GROUP;
}

/// How many columns a kernel takes at once where `remaining` are left.
static inline __attribute__((always_inline)) size_t mk_step_width(size_t remaining) {
  return remaining >= 6 ? 6 : remaining >= 4 ? 4 : remaining >= 2 ? 2 : 1;
}

/// Where the parts of a tile of quantised inputs begin, and how many columns it has.
typedef struct {
  size_t width;
  int8_t *codes;
  float *scales;
  int32_t *sums32;
  float *scaled32;
  int32_t *sums16;
  float *scaled16;
} mk_tile;

static inline __attribute__((always_inline)) size_t mk_quantized_column_bytes(size_t inner) {
  return inner + inner / 32 * 12 + inner / 16 * 8;
}

/// The tile that begins at column `first` of `columns`.
static inline __attribute__((always_inline)) mk_tile mk_tile_at(const void *prepared, size_t inner, size_t columns,
                                                                size_t first) {
  mk_tile tile;
  tile.width = mk_quantized_tile_width(columns - first);
  tile.codes = (int8_t *)prepared + first * mk_quantized_column_bytes(inner);
  tile.scales = (float *)(tile.codes + inner * tile.width);
  tile.sums32 = (int32_t *)(tile.scales + inner / 32 * tile.width);
  tile.scaled32 = (float *)(tile.sums32 + inner / 32 * tile.width);
  tile.sums16 = (int32_t *)(tile.scaled32 + inner / 32 * tile.width);
  tile.scaled16 = (float *)(tile.sums16 + inner / 16 * tile.width);
  return tile;
}

/// The tile without its first `columns` columns.
static inline __attribute__((always_inline)) mk_tile mk_tile_from(mk_tile tile, size_t columns) {
  tile.codes += columns * MK_SLAB;
  tile.scales += columns;
  tile.sums32 += columns;
  tile.scaled32 += columns;
  tile.sums16 += columns;
  tile.scaled16 += columns;
  return tile;
}

#endif
