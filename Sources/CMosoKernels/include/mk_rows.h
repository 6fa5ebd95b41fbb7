// What happens to rows of activations between products.

#ifndef MK_ROWS_H
#define MK_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// `outputs = inputs / sqrt(mean(inputs²) + epsilon) · gain`
void mk_normalize_rms(const float *inputs, const float *gain, float epsilon, size_t count, float *outputs);

/// `outputs = (inputs - mean) / sqrt(variance + epsilon) · gain + bias`; `bias` may be null.
void mk_normalize_layer(const float *inputs, const float *gain, const float *_Nullable bias, float epsilon, size_t count,
                        float *outputs);

/// What is done to each element.
enum { MK_SILU = 0, MK_GELU_TANH = 1, MK_GELU = 2 };

/// `outputs = f(inputs)`; may be in place.
void mk_activate(uint32_t function, const float *inputs, size_t count, float *outputs);

/// `outputs = f(gate) · up`; may be in place.
void mk_gate(uint32_t function, const float *gate, const float *up, size_t count, float *outputs);

/// `outputs = x + y`; may be in place.
void mk_add(const float *x, const float *y, size_t count, float *outputs);

/// `outputs = x · y`; may be in place.
void mk_multiply_elements(const float *x, const float *y, size_t count, float *outputs);

/// `outputs = outputs + factor · x`
void mk_add_scaled(const float *x, float factor, size_t count, float *outputs);

/// `values = factor · values`
void mk_scale(float factor, size_t count, float *values);

/// `values = cap · tanh(values / cap)`
void mk_softcap(float cap, size_t count, float *values);

/// `values = exp(values - max) / sum`; returns `max + log(sum)`.
float mk_softmax(size_t count, float *values);

/// The index of the largest value, the first among equals; -1 if every value is a NaN or -infinity.
ptrdiff_t mk_argmax(const float *values, size_t count);

/// Rotates the first `2 · pairs` elements of each of `heads` heads by the angles whose cosines and sines are given.
///
/// - adjacent: pairs are elements 2i and 2i+1, rather than i and i + pairs.
void mk_rotate(float *row, size_t heads, size_t head_size, size_t pairs, const float *cosines, const float *sines,
               bool adjacent);

#pragma clang assume_nonnull end

#endif
