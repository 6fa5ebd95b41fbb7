// Weight matrices in the kernels' own layout, and their products.

#ifndef MK_MATRIX_H
#define MK_MATRIX_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Element types, numbered as in GGUF.
enum {
  MK_F32 = 0,
  MK_F16 = 1,
  MK_Q4_0 = 2,
  MK_Q4_1 = 3,
  MK_Q5_0 = 6,
  MK_Q5_1 = 7,
  MK_Q8_0 = 8,
  MK_Q2_K = 10,
  MK_Q3_K = 11,
  MK_Q4_K = 12,
  MK_Q5_K = 13,
  MK_Q6_K = 14,
  MK_IQ4_NL = 20,
  MK_IQ4_XS = 23,
  MK_BF16 = 30,
  MK_MXFP4 = 39,
};

/// A matrix of `rows` outputs by `inner` inputs, packed in panels of sixteen rows.
typedef struct {
  uint32_t type;
  size_t rows;
  size_t inner;
  const uint8_t *panels;
} mk_matrix;

/// The bytes one panel of sixteen rows takes.
size_t mk_panel_bytes(uint32_t type, size_t inner);

/// Packs panels `first..<last` from rows of file blocks, `row_bytes` apart, into `panels` (where panel 0 would lie).
///
/// Rows past `rows` become zeros.
void mk_pack_panels(uint32_t type, const void *blocks, size_t row_bytes, size_t rows, size_t inner, size_t first,
                    size_t last, void *panels);

/// The values of one row, as the file's format defines them.
void mk_unpack_row(const mk_matrix *matrix, size_t row, float *values);

/// The bytes `columns` prepared inputs take for a product with a matrix of this type.
size_t mk_prepared_bytes(uint32_t type, size_t inner, size_t columns);

/// Prepared inputs lie in groups of so many columns; who shares the work of preparing them shares it by whole groups.
enum { MK_PREPARED_GROUP = 48 };

/// What the codes of a prepared input leave of it, for products with quantised matrices: `x` less what they stand for.
void mk_rounding_remainder(const float *inputs, size_t inner, float *remainder);

/// Prepares inputs `first..<last` of `columns`, each `inner` floats, `stride` floats apart.
///
/// `first` is a multiple of `MK_PREPARED_GROUP`, and so is `last` unless it is `columns`.
/// The result serves every matrix of the same inner size whose type is quantised, or every one whose type is not.
void mk_prepare(uint32_t type, const float *inputs, size_t stride, size_t inner, size_t columns, size_t first,
                size_t last, void *prepared);

/// The scratch bytes `mk_multiply` needs per thread.
size_t mk_multiply_scratch_bytes(uint32_t type, size_t inner);

/// A part of a product: the rows of panels `first_panel..<last_panel` for columns `first_column..<last_column`.
///
/// `first_column` is a multiple of `MK_PREPARED_GROUP`, and so is `last_column` unless it is the number of columns.
typedef struct {
  size_t first_panel, last_panel, first_column, last_column;
} mk_part;

/// `outputs[c][r] = W[r]·x[c] + bias[r] + residual[c][r]` for the rows and columns of `part`, of `columns` in all.
///
/// Outputs and residual are `stride` floats apart; `bias` and `residual` may be null. Each output is the same bits
/// whatever the number of columns and however the product is cut into parts.
void mk_multiply(const mk_matrix *matrix, const void *prepared, size_t columns, mk_part part,
                 const float *_Nullable bias, const float *_Nullable residual, float *outputs, size_t stride,
                 void *scratch);

#pragma clang assume_nonnull end

#endif
