// The values of stored tensors as floats: the reference for every other kernel that reads quantised blocks.
//
// Each function reads `count` values, a multiple of the type's block, from little-endian blocks at any alignment. The
// arithmetic is that of the formats' own definition, in its order and without fused operations, so results are the same
// bits everywhere.

#ifndef MK_DEQUANTIZE_H
#define MK_DEQUANTIZE_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Reads values of the type with this number, as in `MK_Q4_K`; an unknown number reads nothing.
void mk_dequantize(uint32_t type, const void *blocks, float *values, size_t count);

void mk_dequantize_f32(const void *blocks, float *values, size_t count);
void mk_dequantize_f16(const void *blocks, float *values, size_t count);
void mk_dequantize_bf16(const void *blocks, float *values, size_t count);

/// 32 values in 18 bytes: `d · (q - 8)`.
void mk_dequantize_q4_0(const void *blocks, float *values, size_t count);
/// 32 values in 20 bytes: `d · q + m`.
void mk_dequantize_q4_1(const void *blocks, float *values, size_t count);
/// 32 values in 22 bytes: `d · (q - 16)`.
void mk_dequantize_q5_0(const void *blocks, float *values, size_t count);
/// 32 values in 24 bytes: `d · q + m`.
void mk_dequantize_q5_1(const void *blocks, float *values, size_t count);
/// 32 values in 34 bytes: `d · q`.
void mk_dequantize_q8_0(const void *blocks, float *values, size_t count);

/// 256 values in 84 bytes: sixteen sub-blocks with a scale and a minimum of 4 bits each.
void mk_dequantize_q2_k(const void *blocks, float *values, size_t count);
/// 256 values in 110 bytes: sixteen sub-blocks with a scale of 6 bits.
void mk_dequantize_q3_k(const void *blocks, float *values, size_t count);
/// 256 values in 144 bytes: eight sub-blocks with a scale and a minimum of 6 bits each.
void mk_dequantize_q4_k(const void *blocks, float *values, size_t count);
/// 256 values in 176 bytes: as `q4_k` with a fifth bit.
void mk_dequantize_q5_k(const void *blocks, float *values, size_t count);
/// 256 values in 210 bytes: sixteen sub-blocks with a scale of 8 bits.
void mk_dequantize_q6_k(const void *blocks, float *values, size_t count);

/// 32 values in 18 bytes: `d · table[q]`, the table denser near zero.
void mk_dequantize_iq4_nl(const void *blocks, float *values, size_t count);
/// 256 values in 136 bytes: as `iq4_nl`, in eight sub-blocks with a scale of 6 bits.
void mk_dequantize_iq4_xs(const void *blocks, float *values, size_t count);
/// 32 values in 17 bytes: a shared power of two times 4-bit floats (OCP Microscaling Formats 1.0).
void mk_dequantize_mxfp4(const void *blocks, float *values, size_t count);

#pragma clang assume_nonnull end

#endif
