// Every kernel that training needs, for one kind of number and one instruction set; see mk_training.h.

#include "../simd/rows.h"
#include "product.h"

#include "attention.h"
#include "derivatives.h"
#include "steps.h"

// The kernels on rows that inference uses too, as the table wants them.

static void normalize_rms_row(const void *x, const void *gain, double epsilon, size_t count, void *y) {
  normalize_rms(x, gain, (real)epsilon, count, y);
}
static void normalize_layer_row(const void *x, const void *gain, const void *bias, double epsilon, size_t count, void *y) {
  normalize_layer(x, gain, bias, (real)epsilon, count, y);
}
static void activate_row(uint32_t function, const void *x, size_t count, void *y) { activate(function, x, count, y); }
static void gate_row(uint32_t function, const void *x, const void *up, size_t count, void *y) {
  gate(function, x, up, count, y);
}
static void add_rows(const void *x, const void *other, size_t count, void *y) { add(x, other, count, y); }
static void add_scaled_rows(const void *x, double factor, size_t count, void *y) {
  add_scaled(x, (real)factor, count, y);
}
static void scale_rows(double factor, size_t count, void *y) { scale((real)factor, count, y); }
static void softcap_rows(double cap, size_t count, void *y) { softcap((real)cap, count, y); }
static double softmax_row(size_t count, void *y) { return softmax(count, y); }
static void rotate_row(void *row, size_t heads, size_t head_size, size_t pairs, const void *cosines, const void *sines,
                       bool adjacent) {
  rotate(row, heads, head_size, pairs, cosines, sines, adjacent);
}

#define MK_TRAINING_TABLE(copy, product)           \
  {                                                \
      .number_bytes = sizeof(real),                \
      .tile_columns = MK_TILE_COLUMNS,             \
      .right_bytes = right_bytes,                  \
      .copy_right = copy,                          \
      .product_scratch = product_scratch,          \
      .multiply = product,                         \
      .normalize_rms = normalize_rms_row,          \
      .normalize_rms_back = normalize_rms_back,    \
      .normalize_layer = normalize_layer_row,      \
      .normalize_layer_back = normalize_layer_back, \
      .activate = activate_row,                    \
      .activate_back = activate_back,              \
      .gate = gate_row,                            \
      .gate_back = gate_back,                      \
      .add = add_rows,                             \
      .add_scaled = add_scaled_rows,               \
      .multiply_elements = multiply_elements_into, \
      .dot = dot,                                  \
      .add_to_all = add_to_all,                    \
      .scale = scale_rows,                         \
      .softcap = softcap_rows,                     \
      .softcap_back = softcap_back,                \
      .softmax = softmax_row,                      \
      .rotate = rotate_row,                        \
      .attention_scratch = attention_scratch,      \
      .attend = attend,                            \
      .attend_back = attend_back,                  \
      .cross_entropy = cross_entropy,              \
      .adamw = adamw,                              \
      .sum_of_squares = sum_of_squares_exactly,    \
  }

const mk_training MK_TABLE = MK_TRAINING_TABLE(copy_right, multiply);
#if defined(MK_MIXED_TABLE)
const mk_training MK_MIXED_TABLE = MK_TRAINING_TABLE(copy_right_rounded, multiply_rounded);
#endif
