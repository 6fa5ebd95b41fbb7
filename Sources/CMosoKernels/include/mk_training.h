// Kernels that only training needs: products of any two matrices, derivatives, the loss, optimisers.
//
// "Slopes" are derivatives of the loss by what they are named after. Every kernel exists for floats and, from the same text,
// for doubles, with which derivatives are checked against differences; `void` stands for either.
//
// Sums over rows run over the rows in their order, in pieces that the caller names, so that a batch in parts gives the same
// bits as a whole one.

#ifndef MK_TRAINING_H
#define MK_TRAINING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What numbers are, and what they are rounded to before they are multiplied.
typedef enum {
  /// Floats.
  MK_SINGLE = 0,
  /// Doubles.
  MK_DOUBLE = 1,
  /// Floats that are rounded to bfloat16 before matrices are multiplied; sums stay floats.
  MK_MIXED = 2,
} mk_precision;

/// `out[r][c] (+)= Σ left(r, k) · right(k, c) (+ addend[r][c])`: matrices with rows or columns that are contiguous; strides count numbers.
///
/// The inner dimension is cut where a segment ends and into blocks of at most `MK_PRODUCT_BLOCK`; each block is summed from
/// nothing and then added to the output.
typedef struct {
  const void *left;
  /// One of both is 1.
  ptrdiff_t left_row, left_inner;
  const void *right;
  /// One of both is 1.
  ptrdiff_t right_inner, right_column;
  void *out;
  ptrdiff_t out_row;
  size_t rows, columns, inner;
  /// Where segments of the inner dimension end: ascending, the last at `inner`.
  const size_t *ends;
  size_t segments;
  /// Whether the product is added to what `out` holds.
  bool adds;
  /// What is added last, in rows as far apart as those of `out`; may be null.
  const void *_Nullable addend;
} mk_product;

enum {
  /// How much of the inner dimension is summed before it is added to an output.
  MK_PRODUCT_BLOCK = 256,
  /// How many rows of the outputs are best computed as one part; a multiple of a tile's rows.
  MK_PRODUCT_ROWS = 96,
};

/// Causal attention over one sequence: rows of `heads` or `key_heads` heads, one row for each token.
typedef struct {
  size_t length, heads, key_heads, head_size;
  /// How many of the latest positions, its own included, a token attends to; at least `length` for all.
  size_t window;
  double scale;
  /// The bound `c` of `c · tanh(x / c)` on the scores; 0 for none.
  double softcap;
} mk_sequence_attention;

/// One step of AdamW. `decay` is what parameters are multiplied by first.
typedef struct {
  double rate, decay, first_momentum, second_momentum, first_correction, second_correction, epsilon, gradient_scale;
} mk_adamw;

/// The kernels for one kind of number.
typedef struct {
  /// The bytes of a number, and the columns of a tile of outputs.
  size_t number_bytes, tile_columns;

  /// The bytes of all of a product's right matrix, copied so that tiles read it in order.
  size_t (*right_bytes)(size_t columns, size_t inner);
  /// Copies panels `first..<last`, each a tile's columns, to where they belong in `copy`.
  void (*copy_right)(const mk_product *product, size_t first, size_t last, void *copy);
  /// The scratch bytes that a part of a product needs.
  size_t (*product_scratch)(void);
  /// The outputs in rows `first_row..<last_row`, at most `MK_PRODUCT_ROWS`, and in panels `first..<last` of columns.
  void (*multiply)(const mk_product *product, const void *right, size_t first_row, size_t last_row, size_t first,
                   size_t last, void *scratch);

  /// `outputs = inputs / sqrt(mean(inputs²) + epsilon) · gain`
  void (*normalize_rms)(const void *inputs, const void *gain, double epsilon, size_t count, void *outputs);
  void (*normalize_rms_back)(const void *inputs, const void *gain, const void *slopes, double epsilon, size_t count,
                             bool adds, void *input_slopes, void *gain_slopes);
  /// `outputs = (inputs - mean) / sqrt(variance + epsilon) · gain + bias`
  void (*normalize_layer)(const void *inputs, const void *gain, const void *_Nullable bias, double epsilon, size_t count,
                          void *outputs);
  void (*normalize_layer_back)(const void *inputs, const void *gain, const void *slopes, double epsilon, size_t count,
                               bool adds, void *input_slopes, void *gain_slopes, void *_Nullable bias_slopes);
  /// `outputs = f(inputs)`
  void (*activate)(uint32_t function, const void *inputs, size_t count, void *outputs);
  void (*activate_back)(uint32_t function, const void *inputs, const void *slopes, size_t count, bool adds,
                        void *input_slopes);
  /// `outputs = f(gate) · up`
  void (*gate)(uint32_t function, const void *gate, const void *up, size_t count, void *outputs);
  /// May be in place: `gate_slopes` and `up_slopes` may be what holds `gate` and `up`.
  void (*gate_back)(uint32_t function, const void *gate, const void *up, const void *slopes, size_t count,
                    void *gate_slopes, void *up_slopes);
  /// `outputs = x + y`; may be in place.
  void (*add)(const void *x, const void *y, size_t count, void *outputs);
  /// `outputs += factor · x`
  void (*add_scaled)(const void *x, double factor, size_t count, void *outputs);
  /// `outputs (+)= x · y`
  void (*multiply_elements)(const void *x, const void *y, size_t count, bool adds, void *outputs);
  /// `Σ x · y`
  double (*dot)(const void *x, const void *y, size_t count);
  /// `values = addend + values`
  void (*add_to_all)(double addend, size_t count, void *values);
  /// `values = factor · values`
  void (*scale)(double factor, size_t count, void *values);
  /// `values = cap · tanh(values / cap)`
  void (*softcap)(double cap, size_t count, void *values);
  /// `slopes *= 1 - (outputs / cap)²`
  void (*softcap_back)(double cap, const void *outputs, size_t count, void *slopes);
  /// `values = exp(values - max) / sum`; returns `max + log(sum)`.
  double (*softmax)(size_t count, void *values);
  /// Rotates heads as `mk_rotate` does.
  void (*rotate)(void *row, size_t heads, size_t head_size, size_t pairs, const void *cosines, const void *sines,
                 bool adjacent);

  /// The scratch bytes that one head of a sequence needs.
  size_t (*attention_scratch)(const mk_sequence_attention *attention);
  /// The outputs of all query heads that share one head of keys and values.
  ///
  /// `log_sums` is `[heads][length]`: the logarithm of what softmax divides by, for the way back.
  void (*attend)(const mk_sequence_attention *attention, size_t key_head, const void *queries, const void *keys,
                 const void *values, void *outputs, void *log_sums, void *scratch);
  /// The slopes of the queries, keys and values of those heads from the slopes of the outputs.
  void (*attend_back)(const mk_sequence_attention *attention, size_t key_head, const void *queries, const void *keys,
                      const void *values, const void *outputs, const void *log_sums, const void *slopes,
                      void *query_slopes, void *key_slopes, void *value_slopes, void *scratch);

  /// The loss of one row of scores for the token `target`, in nats: its negative log-probability, plus `penalty` times the
  /// square of the logarithm of what softmax divides by. The scores become the slopes of `weight` times that.
  double (*cross_entropy)(void *scores, size_t count, size_t target, double weight, double penalty);

  void (*adamw)(const mk_adamw *step, size_t count, const void *gradients, void *parameters, void *first, void *second);
  /// The sum of squares in double precision, in a fixed order.
  double (*sum_of_squares)(const void *x, size_t count);
} mk_training;

/// The kernels for `precision` on this machine.
const mk_training *mk_training_kernels(mk_precision precision);

#pragma clang assume_nonnull end

#endif
