// Types whose codes are looked up in a table.

#include <string.h>

#include "dequantize.h"
#include "mk_dequantize.h"

#pragma STDC FP_CONTRACT OFF

static const int8_t iq4_values[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

/// 4-bit floats (sign, two bits of exponent, one of fraction), doubled to be whole.
static const int8_t e2m1_values[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

// IQ4_NL: d @0; codes[16] @2, low nibbles first.
void mk_dequantize_iq4_nl(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 32 * 18; b < end; b += 18, values += 32) {
    float d = read_half(b);
    for (int j = 0; j < 16; j++) {
      values[j] = d * (float)iq4_values[b[2 + j] & 15];
      values[j + 16] = d * (float)iq4_values[b[2 + j] >> 4];
    }
  }
}

// IQ4_XS: d @0; upper two bits of eight scales @2; low nibbles of the scales[4] @4; codes[128] @8.
void mk_dequantize_iq4_xs(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 256 * 136; b < end; b += 136, values += 256) {
    float d = read_half(b);
    uint16_t upper = read_u16(b + 2);
    for (int sub = 0; sub < 8; sub++) {
      const uint8_t *codes = b + 8 + 16 * sub;
      int low = b[4 + sub / 2] >> 4 * (sub & 1) & 15, high = upper >> 2 * sub & 3;
      float scale = d * (float)((low | high << 4) - 32);
      for (int j = 0; j < 16; j++) {
        values[32 * sub + j] = scale * (float)iq4_values[codes[j] & 15];
        values[32 * sub + j + 16] = scale * (float)iq4_values[codes[j] >> 4];
      }
    }
  }
}

// MXFP4: exponent @0, biased by 127; codes[16] @1, low nibbles first. The exponent is lowered by one for the doubled table.
void mk_dequantize_mxfp4(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 32 * 17; b < end; b += 17, values += 32) {
    // The two smallest powers, 2^-128 and 2^-127, are subnormal.
    uint32_t bits = b[0] < 2 ? UINT32_C(0x00200000) << b[0] : (uint32_t)(b[0] - 1) << 23;
    float scale;
    memcpy(&scale, &bits, 4);
    for (int j = 0; j < 16; j++) {
      values[j] = scale * (float)e2m1_values[b[1 + j] & 15];
      values[j + 16] = scale * (float)e2m1_values[b[1 + j] >> 4];
    }
  }
}
