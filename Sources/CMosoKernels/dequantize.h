// Reading little-endian numbers at any alignment.

#ifndef DEQUANTIZE_H
#define DEQUANTIZE_H

#include <stdint.h>

#include "half.h"

static inline uint16_t read_u16(const uint8_t *bytes) { return (uint16_t)(bytes[0] | bytes[1] << 8); }

static inline uint32_t read_u32(const uint8_t *bytes) {
  return read_u16(bytes) | (uint32_t)read_u16(bytes + 2) << 16;
}

static inline float read_half(const uint8_t *bytes) { return mk_half_to_float(read_u16(bytes)); }

#endif
