// What the machine can do at best: loops that do nothing else.

#ifndef MK_LIMITS_H
#define MK_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Reads `bytes` bytes, a multiple of 256, once; the result only keeps the reads from being left out.
uint32_t mk_read_memory(const void *memory, size_t bytes);

/// Does `rounds` times 12 × 16 fused multiply-adds on floats in registers.
float mk_spin_multiply_add(size_t rounds);

/// Does `rounds` times 12 × 64 multiply-adds of 8-bit integers in registers.
int32_t mk_spin_dot(size_t rounds);

/// Does `rounds` times 4 products of 16 × 32 by 32 × 16 numbers in bfloat16; nothing without matrix instructions.
void mk_spin_matrix(size_t rounds);

#pragma clang assume_nonnull end

#endif
