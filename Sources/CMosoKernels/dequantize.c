// Blocks of 32 values, the unquantised types, and the choice between all of them.

#include "mk_dequantize.h"

#include <string.h>

#include "dequantize.h"
#include "mk_matrix.h"

#pragma STDC FP_CONTRACT OFF

void mk_dequantize(uint32_t type, const void *blocks, float *values, size_t count) {
  switch (type) {
    case MK_F32: return mk_dequantize_f32(blocks, values, count);
    case MK_F16: return mk_dequantize_f16(blocks, values, count);
    case MK_BF16: return mk_dequantize_bf16(blocks, values, count);
    case MK_Q4_0: return mk_dequantize_q4_0(blocks, values, count);
    case MK_Q4_1: return mk_dequantize_q4_1(blocks, values, count);
    case MK_Q5_0: return mk_dequantize_q5_0(blocks, values, count);
    case MK_Q5_1: return mk_dequantize_q5_1(blocks, values, count);
    case MK_Q8_0: return mk_dequantize_q8_0(blocks, values, count);
    case MK_Q2_K: return mk_dequantize_q2_k(blocks, values, count);
    case MK_Q3_K: return mk_dequantize_q3_k(blocks, values, count);
    case MK_Q4_K: return mk_dequantize_q4_k(blocks, values, count);
    case MK_Q5_K: return mk_dequantize_q5_k(blocks, values, count);
    case MK_Q6_K: return mk_dequantize_q6_k(blocks, values, count);
    case MK_IQ4_NL: return mk_dequantize_iq4_nl(blocks, values, count);
    case MK_IQ4_XS: return mk_dequantize_iq4_xs(blocks, values, count);
    case MK_MXFP4: return mk_dequantize_mxfp4(blocks, values, count);
    default: return;
  }
}

void mk_dequantize_f32(const void *blocks, float *values, size_t count) { memcpy(values, blocks, 4 * count); }

void mk_dequantize_f16(const void *blocks, float *values, size_t count) {
  const uint8_t *bytes = blocks;
  for (size_t i = 0; i < count; i++) values[i] = read_half(bytes + 2 * i);
}

void mk_dequantize_bf16(const void *blocks, float *values, size_t count) {
  const uint8_t *bytes = blocks;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)read_u16(bytes + 2 * i) << 16;
    memcpy(values + i, &bits, 4);
  }
}

// The low nibbles of 16 bytes are values 0…15, the high ones values 16…31.

void mk_dequantize_q4_0(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 32 * 18; b < end; b += 18, values += 32) {
    float d = read_half(b);
    for (int j = 0; j < 16; j++) {
      values[j] = d * (float)((b[2 + j] & 15) - 8);
      values[j + 16] = d * (float)((b[2 + j] >> 4) - 8);
    }
  }
}

void mk_dequantize_q4_1(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 32 * 20; b < end; b += 20, values += 32) {
    float d = read_half(b), m = read_half(b + 2);
    for (int j = 0; j < 16; j++) {
      values[j] = d * (float)(b[4 + j] & 15) + m;
      values[j + 16] = d * (float)(b[4 + j] >> 4) + m;
    }
  }
}

void mk_dequantize_q5_0(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 32 * 22; b < end; b += 22, values += 32) {
    float d = read_half(b);
    uint32_t fifth = read_u32(b + 2);
    for (int j = 0; j < 16; j++) {
      int low = (b[6 + j] & 15) | (int)(fifth >> j & 1) << 4;
      int high = (b[6 + j] >> 4) | (int)(fifth >> (j + 16) & 1) << 4;
      values[j] = d * (float)(low - 16);
      values[j + 16] = d * (float)(high - 16);
    }
  }
}

void mk_dequantize_q5_1(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 32 * 24; b < end; b += 24, values += 32) {
    float d = read_half(b), m = read_half(b + 2);
    uint32_t fifth = read_u32(b + 4);
    for (int j = 0; j < 16; j++) {
      int low = (b[8 + j] & 15) | (int)(fifth >> j & 1) << 4;
      int high = (b[8 + j] >> 4) | (int)(fifth >> (j + 16) & 1) << 4;
      values[j] = d * (float)low + m;
      values[j + 16] = d * (float)high + m;
    }
  }
}

void mk_dequantize_q8_0(const void *blocks, float *values, size_t count) {
  for (const uint8_t *b = blocks, *end = b + count / 32 * 34; b < end; b += 34, values += 32) {
    float d = read_half(b);
    for (int j = 0; j < 32; j++) values[j] = d * (float)(int8_t)b[2 + j];
  }
}
