// IEEE half precision without hardware for it.

#ifndef MK_HALF_H
#define MK_HALF_H

#include <stdint.h>
#include <string.h>

static inline float mk_half_to_float(uint16_t h) {
  uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = h >> 10 & 31, fraction = h & 0x3ff, bits;
  if (exponent == 31) {
    // A signalling NaN becomes quiet, as the hardware conversion makes it.
    bits = sign | 0x7f800000 | fraction << 13 | (fraction != 0 ? 0x400000 : 0);
  } else if (exponent != 0) {
    bits = sign | (exponent + 112) << 23 | fraction << 13;
  } else {
    // Subnormal: the fraction counts units of 2^-24, which a float holds exactly.
    float value = (float)fraction * 0x1p-24f;
    memcpy(&bits, &value, 4);
    bits |= sign;
  }
  float result;
  memcpy(&result, &bits, 4);
  return result;
}

/// Rounds to nearest, ties to even.
static inline uint16_t mk_half_from_float(float f) {
  uint32_t bits;
  memcpy(&bits, &f, 4);
  uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00 | (uint16_t)(magnitude >> 13 & 0x3ff);
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Adding one half makes the unit of the last place 2^-24, so the hardware does the rounding.
    float value;
    memcpy(&value, &magnitude, 4);
    value += 0.5f;
    uint32_t rounded;
    memcpy(&rounded, &value, 4);
    return sign | (uint16_t)(rounded - 0x3f000000);
  }
  uint32_t odd = magnitude >> 13 & 1;
  return sign | (uint16_t)((magnitude - 0x38000000 + 0xfff + odd) >> 13);
}

#endif
