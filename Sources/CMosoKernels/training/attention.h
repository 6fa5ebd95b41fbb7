// Causal attention of whole sequences and its derivatives, for training.
//
// One task is one sequence and one head of keys and values with all query heads that share it. Rows of queries are taken some at
// a time with all keys they see, so memory grows with the sequence's length and never with its square (as in Dao et al., 2022).
// What is summed over queries is summed in their order: results depend on neither threads nor other sequences.

/// `out (+)= left · right` for rows padded to a tile's and columns that are a multiple of a vector's.
///
/// `right_panel` is the distance between panels of a tile's columns: the width of the panel where rows simply go on.
MK_INLINE void multiply_padded(size_t rows, size_t columns, size_t inner, const real *left, ptrdiff_t left_row,
                               ptrdiff_t left_inner, const real *right, ptrdiff_t right_inner, ptrdiff_t right_panel,
                               real *out, ptrdiff_t out_row, bool adds) {
  size_t c = 0;
  for (; c + MK_TILE_COLUMNS <= columns; c += MK_TILE_COLUMNS) {
    const real *b = right + (ptrdiff_t)(c / MK_TILE_COLUMNS) * right_panel;
    for (size_t r = 0; r < rows; r += MK_TILE_ROWS)
      multiply_tile(left + (ptrdiff_t)r * left_row, left_row, left_inner, b, right_inner, inner,
                    out + (ptrdiff_t)r * out_row + c, out_row, MK_TILE_VECTORS, adds, NULL);
  }
  for (; c < columns; c += MK_REALS) {
    const real *b = right + (ptrdiff_t)(c / MK_TILE_COLUMNS) * right_panel + c % MK_TILE_COLUMNS;
    for (size_t r = 0; r < rows; r += MK_TILE_ROWS)
      multiply_tile(left + (ptrdiff_t)r * left_row, left_row, left_inner, b, right_inner, inner,
                    out + (ptrdiff_t)r * out_row + c, out_row, 1, adds, NULL);
  }
}

enum {
  /// Rows of queries that are taken together: a multiple of a tile's rows on every target.
  MK_QUERY_ROWS = 48,
  /// Numbers between the ends of rows of scores, so that rows do not all fall on the same places of the cache.
  MK_SCORE_GAP = 16,
};

/// Where the parts of a task's scratch memory are, in numbers.
typedef struct {
  size_t padded, length, score_row, keys, values, key_panels, value_panels, key_slopes, value_slopes, queries, slopes,
      scores, score_slopes, sums, total;
} mk_attention_plan;

MK_INLINE mk_attention_plan attention_plan(const mk_sequence_attention *a) {
  mk_attention_plan p = {.padded = rounded_up(a->head_size, MK_REALS)};
  // Tiles fit that begin at any key, whether they are rows or columns.
  p.length = rounded_up(a->length + MK_TILE_ROWS, MK_TILE_COLUMNS);
  p.score_row = p.length + MK_SCORE_GAP;
  const size_t matrix = p.length * p.padded, block = MK_QUERY_ROWS * p.padded, scores = MK_QUERY_ROWS * p.score_row;
  size_t next = 0;
  p.keys = next, next += matrix;
  p.values = next, next += matrix;
  p.key_panels = next, next += matrix;
  p.value_panels = next, next += matrix;
  p.key_slopes = next, next += matrix;
  p.value_slopes = next, next += matrix;
  p.queries = next, next += block;
  p.slopes = next, next += block;
  p.scores = next, next += scores;
  p.score_slopes = next, next += scores;
  p.sums = next, next += block;
  p.total = next;
  return p;
}

static size_t attention_scratch(const mk_sequence_attention *a) { return attention_plan(a).total * sizeof(real); }

/// Copies rows of a head, times `factor`, padding both sides with zeros.
MK_INLINE void copy_head(const real *from, size_t stride, size_t count, size_t head, real factor, real *to,
                         size_t rows, size_t padded) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t i = 0; i < padded; i += MK_REALS) {
      reals v = splat(0);
      if (r < count && i < head) v = load_some(from + r * stride + i, head - i) * splat(factor);
      store(to + r * padded + i, v);
    }
  }
}

/// The transposed rows in panels of a tile's columns, so that a tile reads memory in order.
MK_INLINE void transpose_head(const real *rows, size_t length, size_t padded, real *panels) {
  for (size_t first = 0; first < length; first += MK_TILE_COLUMNS, panels += padded * MK_TILE_COLUMNS)
    interleave(rows + first * padded, (ptrdiff_t)padded, MK_TILE_COLUMNS, padded, panels, MK_TILE_COLUMNS);
}

/// Writes up to a head's size of `v · factor` for each row.
MK_INLINE void store_head(const real *rows, size_t padded, size_t count, size_t head, real factor, real *to,
                          size_t stride) {
  for (size_t r = 0; r < count; r++) {
    for (size_t i = 0; i < head; i += MK_REALS)
      store_some(to + r * stride + i, load(rows + r * padded + i) * splat(factor), head - i);
  }
}

/// A block of queries: which keys some of them see, rounded to whole tiles.
typedef struct {
  size_t first, count, rows, first_key, last_key;
} mk_query_block;

MK_INLINE mk_query_block query_block(const mk_sequence_attention *a, size_t first) {
  mk_query_block b = {.first = first, .count = least(a->length - first, MK_QUERY_ROWS)};
  b.rows = rounded_up(b.count, MK_TILE_ROWS);
  b.last_key = rounded_up(first + b.count, MK_TILE_COLUMNS);
  if (first + 1 > a->window) b.first_key = (first + 1 - a->window) / MK_TILE_COLUMNS * MK_TILE_COLUMNS;
  return b;
}

/// The first key that row `r` of a block sees, from the block's first on.
MK_INLINE size_t first_seen(const mk_sequence_attention *a, mk_query_block b, size_t r) {
  const size_t position = b.first + r;
  return position + 1 > a->window ? position + 1 - a->window - b.first_key : 0;
}

/// The scores of a block of queries with the keys it sees, whose panels begin at the first.
MK_INLINE void score_block(const mk_sequence_attention *a, mk_attention_plan p, mk_query_block b, real *s) {
  multiply_padded(b.rows, b.last_key - b.first_key, p.padded, s + p.queries, (ptrdiff_t)p.padded, 1,
                  s + p.key_panels + b.first_key * p.padded, MK_TILE_COLUMNS, (ptrdiff_t)(p.padded * MK_TILE_COLUMNS),
                  s + p.scores, (ptrdiff_t)p.score_row, false);
  if (a->softcap == 0) return;
  const reals cap = splat((real)a->softcap);
  for (size_t r = 0; r < b.count; r++) {
    for (size_t k = 0; k < b.last_key - b.first_key; k += MK_REALS) {
      real *score = s + p.scores + r * p.score_row + k;
      store(score, cap * tanh_of(load(score) / cap));
    }
  }
}

static void attend(const mk_sequence_attention *a, size_t key_head, const void *all_queries, const void *all_keys,
                   const void *all_values, void *outputs, void *log_sums, void *scratch) {
  const size_t length = a->length, head = a->head_size, shared = a->heads / a->key_heads;
  const size_t key_stride = a->key_heads * head, stride = a->heads * head;
  const mk_attention_plan p = attention_plan(a);
  real *s = scratch, inverses[MK_QUERY_ROWS];
  copy_head((const real *)all_keys + key_head * head, key_stride, length, head, 1, s + p.keys, p.length, p.padded);
  transpose_head(s + p.keys, p.length, p.padded, s + p.key_panels);
  copy_head((const real *)all_values + key_head * head, key_stride, length, head, 1, s + p.values, p.length, p.padded);
  for (size_t h = key_head * shared; h < (key_head + 1) * shared; h++) {
    const real *queries = (const real *)all_queries + h * head;
    for (size_t first = 0; first < length; first += MK_QUERY_ROWS) {
      const mk_query_block b = query_block(a, first);
      copy_head(queries + first * stride, stride, b.count, head, (real)a->scale, s + p.queries, b.rows, p.padded);
      score_block(a, p, b, s);
      for (size_t r = 0; r < b.rows; r++) {
        real *row = s + p.scores + r * p.score_row;
        const size_t seen = b.last_key - b.first_key;
        size_t begin = 0, end = 0;
        inverses[r] = 1;
        if (r < b.count) {
          begin = first_seen(a, b, r);
          end = first + r + 1 - b.first_key;
          const real largest = largest_of(row + begin, end - begin);
          reals sums = splat(0);
          for (size_t k = begin; k < end; k += MK_REALS) {
            const reals v = first_lanes(exp_of(load_some(row + k, end - k) - splat(largest)), end - k);
            store_some(row + k, v, end - k);
            sums += v;
          }
          const real sum = sum_of_lanes(sums);
          ((real *)log_sums)[h * length + first + r] = largest + logarithm(sum);
          inverses[r] = 1 / sum;
        }
        memset(row, 0, begin * sizeof(real));
        memset(row + end, 0, (seen - end) * sizeof(real));
      }
      multiply_padded(b.rows, p.padded, first + b.count - b.first_key, s + p.scores, (ptrdiff_t)p.score_row, 1,
                      s + p.values + b.first_key * p.padded, (ptrdiff_t)p.padded, MK_TILE_COLUMNS, s + p.sums,
                      (ptrdiff_t)p.padded, false);
      real *out = (real *)outputs + first * stride + h * head;
      for (size_t r = 0; r < b.count; r++)
        store_head(s + p.sums + r * p.padded, p.padded, 1, head, inverses[r], out + r * stride, stride);
    }
  }
}

/// A block's scores and the slopes of what they were mixed with become the shares of the values and the slopes of the scores.
MK_INLINE void share_back(const mk_sequence_attention *a, mk_attention_plan p, mk_query_block b, const real *outputs,
                          const real *slopes, const real *log_sums, size_t stride, real *s) {
  const size_t head = a->head_size, rows = rounded_up(b.first + b.count - b.first_key, MK_TILE_ROWS);
  const size_t keys = b.last_key - b.first_key, seen = rows > keys ? rows : keys;
  for (size_t r = 0; r < b.rows; r++) {
    real *row = s + p.scores + r * p.score_row, *slope = s + p.score_slopes + r * p.score_row;
    size_t begin = 0, end = 0;
    if (r < b.count) {
      begin = first_seen(a, b, r);
      end = b.first + r + 1 - b.first_key;
      reals sums = splat(0);
      for (size_t i = 0; i < head; i += MK_REALS)
        sums = fused(load_some(outputs + r * stride + i, head - i), load_some(slopes + r * stride + i, head - i), sums);
      const reals mean = splat(sum_of_lanes(sums)), log_sum = splat(log_sums[r]);
      const reals per_cap = splat(a->softcap == 0 ? 0 : 1 / (real)a->softcap);
      for (size_t k = begin; k < end; k += MK_REALS) {
        const reals score = load_some(row + k, end - k), bent = score * per_cap;
        const reals share = exp_of(score - log_sum);
        const reals change = share * (load_some(slope + k, end - k) - mean);
        store_some(row + k, share, end - k);
        store_some(slope + k, change * fused(-bent, bent, splat(1)), end - k);
      }
    }
    memset(row, 0, begin * sizeof(real));
    memset(slope, 0, begin * sizeof(real));
    memset(row + end, 0, (seen - end) * sizeof(real));
    memset(slope + end, 0, (seen - end) * sizeof(real));
  }
}

static void attend_back(const mk_sequence_attention *a, size_t key_head, const void *all_queries, const void *all_keys,
                        const void *all_values, const void *outputs, const void *log_sums, const void *slopes,
                        void *query_slopes, void *key_slopes, void *value_slopes, void *scratch) {
  const size_t length = a->length, head = a->head_size, shared = a->heads / a->key_heads;
  const size_t key_stride = a->key_heads * head, stride = a->heads * head;
  const mk_attention_plan p = attention_plan(a);
  const ptrdiff_t padded = (ptrdiff_t)p.padded, panel = padded * MK_TILE_COLUMNS, score_row = (ptrdiff_t)p.score_row;
  real *s = scratch;
  copy_head((const real *)all_keys + key_head * head, key_stride, length, head, 1, s + p.keys, p.length, p.padded);
  transpose_head(s + p.keys, p.length, p.padded, s + p.key_panels);
  copy_head((const real *)all_values + key_head * head, key_stride, length, head, 1, s + p.values, p.length, p.padded);
  transpose_head(s + p.values, p.length, p.padded, s + p.value_panels);
  memset(s + p.key_slopes, 0, p.length * p.padded * sizeof(real));
  memset(s + p.value_slopes, 0, p.length * p.padded * sizeof(real));
  for (size_t h = key_head * shared; h < (key_head + 1) * shared; h++) {
    for (size_t first = 0; first < length; first += MK_QUERY_ROWS) {
      const mk_query_block b = query_block(a, first);
      const size_t place = first * stride + h * head, keys = b.last_key - b.first_key;
      const size_t key_rows = rounded_up(first + b.count - b.first_key, MK_TILE_ROWS);
      const real *out_slopes = (const real *)slopes + place;
      copy_head((const real *)all_queries + place, stride, b.count, head, (real)a->scale, s + p.queries, b.rows, p.padded);
      copy_head(out_slopes, stride, b.count, head, 1, s + p.slopes, b.rows, p.padded);
      score_block(a, p, b, s);
      multiply_padded(b.rows, keys, p.padded, s + p.slopes, padded, 1,
                      s + p.value_panels + b.first_key * p.padded, MK_TILE_COLUMNS, panel, s + p.score_slopes,
                      score_row, false);
      share_back(a, p, b, (const real *)outputs + place, out_slopes, (const real *)log_sums + h * length + first,
                 stride, s);
      multiply_padded(key_rows, p.padded, b.count, s + p.scores, 1, score_row, s + p.slopes, padded, MK_TILE_COLUMNS,
                      s + p.value_slopes + b.first_key * p.padded, padded, true);
      multiply_padded(key_rows, p.padded, b.count, s + p.score_slopes, 1, score_row, s + p.queries, padded,
                      MK_TILE_COLUMNS, s + p.key_slopes + b.first_key * p.padded, padded, true);
      multiply_padded(b.rows, p.padded, first + b.count - b.first_key, s + p.score_slopes, score_row, 1,
                      s + p.keys + b.first_key * p.padded, padded, MK_TILE_COLUMNS, s + p.sums, padded, false);
      store_head(s + p.sums, p.padded, b.count, head, (real)a->scale, (real *)query_slopes + place, stride);
    }
  }
  store_head(s + p.key_slopes, p.padded, length, head, 1, (real *)key_slopes + key_head * head, key_stride);
  store_head(s + p.value_slopes, p.padded, length, head, 1, (real *)value_slopes + key_head * head, key_stride);
}
