// The K types: 256 values a block, in sub-blocks of 16 or 32 whose scales are themselves quantised.

#include "dequantize.h"
#include "mk_dequantize.h"

#pragma STDC FP_CONTRACT OFF

// Q2_K: scales[16] @0 (scale in the low nibble, minimum in the high one); codes[64] @16; d @80; dmin @82.
// Bits 2s…2s+1 of the 32 code bytes of a half are its values 32s…32s+31; each sixteen are a sub-block.
void mk_dequantize_q2_k(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 256 * 84; b < end; b += 84, values += 256) {
    float d = read_half(b + 80), dmin = read_half(b + 82);
    for (int sub = 0; sub < 16; sub++) {
      const uint8_t *codes = b + 16 + 32 * (sub / 8) + 16 * (sub & 1);
      int shift = 2 * (sub / 2 & 3);
      float scale = d * (float)(b[sub] & 15), minimum = dmin * (float)(b[sub] >> 4);
      for (int j = 0; j < 16; j++) values[16 * sub + j] = scale * (float)(codes[j] >> shift & 3) - minimum;
    }
  }
}

// Q3_K: third bits[32] @0; codes[64] @32, as in Q2_K; scales[12] @96; d @108.
// Bit k of third-bit byte j belongs to value 32k+j; where it is clear, 4 is taken from the code. The low four bits of the
// sixteen scales are the nibbles of the first eight bytes, their upper two are in the last four.
void mk_dequantize_q3_k(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 256 * 110; b < end; b += 110, values += 256) {
    float d = read_half(b + 108);
    const uint8_t *s = b + 96;
    for (int sub = 0; sub < 16; sub++) {
      const uint8_t *codes = b + 32 + 32 * (sub / 8) + 16 * (sub & 1), *third = b + 16 * (sub & 1);
      int shift = 2 * (sub / 2 & 3), plane = sub / 2;
      int low = sub < 8 ? s[sub] & 15 : s[sub - 8] >> 4, high = s[8 + sub % 4] >> 2 * (sub / 4) & 3;
      float scale = d * (float)((low | high << 4) - 32);
      for (int j = 0; j < 16; j++) {
        int code = (codes[j] >> shift & 3) - (third[j] >> plane & 1 ? 0 : 4);
        values[16 * sub + j] = scale * (float)code;
      }
    }
  }
}

/// The scale of sub-block `j` of a Q4_K or Q5_K block, from the twelve bytes that hold eight scales and eight minima.
static inline int k_scale(const uint8_t *s, int j) {
  return j < 4 ? s[j] & 63 : (s[j + 4] & 15) | s[j - 4] >> 6 << 4;
}

/// The minimum beside it.
static inline int k_minimum(const uint8_t *s, int j) {
  return j < 4 ? s[j + 4] & 63 : s[j + 4] >> 4 | s[j] >> 6 << 4;
}

// Q4_K: d @0; dmin @2; scales and minima[12] @4; codes[128] @16.
// Of each 32 code bytes the low nibbles are one sub-block and the high ones the next.
void mk_dequantize_q4_k(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 256 * 144; b < end; b += 144, values += 256) {
    float d = read_half(b), dmin = read_half(b + 2);
    for (int sub = 0; sub < 8; sub++) {
      const uint8_t *codes = b + 16 + 32 * (sub / 2);
      int shift = 4 * (sub & 1);
      float scale = d * (float)k_scale(b + 4, sub), minimum = dmin * (float)k_minimum(b + 4, sub);
      for (int j = 0; j < 32; j++) values[32 * sub + j] = scale * (float)(codes[j] >> shift & 15) - minimum;
    }
  }
}

// Q5_K: d @0; dmin @2; scales and minima[12] @4; fifth bits[32] @16, bit k of byte j for value 32k+j; codes[128] @48.
void mk_dequantize_q5_k(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 256 * 176; b < end; b += 176, values += 256) {
    float d = read_half(b), dmin = read_half(b + 2);
    const uint8_t *fifth = b + 16;
    for (int sub = 0; sub < 8; sub++) {
      const uint8_t *codes = b + 48 + 32 * (sub / 2);
      int shift = 4 * (sub & 1);
      float scale = d * (float)k_scale(b + 4, sub), minimum = dmin * (float)k_minimum(b + 4, sub);
      for (int j = 0; j < 32; j++) {
        int code = (codes[j] >> shift & 15) | (fifth[j] >> sub & 1) << 4;
        values[32 * sub + j] = scale * (float)code - minimum;
      }
    }
  }
}

// Q6_K: low nibbles[128] @0; upper two bits[64] @128; scales int8[16] @192; d @208.
// Of each half, the low nibbles of 64 bytes are values 0…63 and the high ones values 64…127; bits 2q…2q+1 of the 32 bytes
// of upper bits belong to values 32q…32q+31.
void mk_dequantize_q6_k(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 256 * 210; b < end; b += 210, values += 256) {
    float d = read_half(b + 208);
    for (int sub = 0; sub < 16; sub++) {
      int half = sub / 8, quarter = sub / 2 & 3, side = 16 * (sub & 1);
      const uint8_t *low = b + 64 * half + 32 * (quarter & 1) + side, *high = b + 128 + 32 * half + side;
      float scale = d * (float)(int8_t)b[192 + sub];
      for (int j = 0; j < 16; j++) {
        int code = (low[j] >> 4 * (quarter / 2) & 15) | (high[j] >> 2 * quarter & 3) << 4;
        values[16 * sub + j] = scale * (float)(code - 32);
      }
    }
  }
}
