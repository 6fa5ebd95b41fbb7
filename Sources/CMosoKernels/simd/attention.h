// Attention with a running softmax over pages of 64 keys (Dao et al., 2022), in spans of fixed bounds.
//
// Keys lie transposed within a page, [head_size][64], so that scores need no sum across lanes; values lie as rows,
// [64][padded]. Both products are then the same small matrix product, and every output is one chain of fused
// multiply-adds in a fixed order: one token alone and a tile of a long prompt give the same bits.

MK_INLINE size_t head_blocks(size_t head_size) { return (head_size + 31) / 32; }

// A page: keys, values, and for 8-bit codes their scales, one f32 per key and 32 dimensions.
MK_INLINE size_t element_bytes(uint32_t type) { return type == MK_F32 ? 4 : type == MK_F16 ? 2 : 1; }

static size_t cache_page_bytes(uint32_t type, size_t head_size) {
  if (type == MK_BF16) return cache_page_bytes_bf16(head_size);
  size_t codes = 2 * MK_PAGE * padded_head(head_size) * element_bytes(type);
  size_t scales = type == MK_Q8_0 ? 2 * MK_PAGE * head_blocks(head_size) * sizeof(float) : 0;
  return codes + scales;
}

MK_INLINE uint8_t *page_values(uint8_t *page, uint32_t type, size_t head_size) {
  return page + MK_PAGE * padded_head(head_size) * element_bytes(type);
}

MK_INLINE float *page_scales(uint8_t *page, uint32_t type, size_t head_size, bool values) {
  float *scales = (float *)(page + 2 * MK_PAGE * padded_head(head_size) * element_bytes(type));
  return values ? scales + MK_PAGE * head_blocks(head_size) : scales;
}

/// Writes `x` at `step` elements apart. What is too large for a half becomes the largest; a NaN stays one.
MK_INLINE void write_vector(uint32_t type, const float *x, size_t count, uint8_t *to, size_t step, float *scales,
                            size_t scale_step) {
  if (type == MK_F32) {
    for (size_t i = 0; i < count; i++) ((float *)to)[i * step] = x[i];
  } else if (type == MK_F16) {
    for (size_t i = 0; i < count; i += 16) {
      f32x16 v = load_f32_partial(x + i, count - i);
      const f32x16 largest = splat_f32(65504);
      v = max_f32(-largest, min_f32(largest, v));
      uint16_t halfs[16];
      store_f16(halfs, v);
      for (size_t j = 0; j < 16 && i + j < count; j++) ((uint16_t *)to)[(i + j) * step] = halfs[j];
    }
  } else {
    for (size_t i = 0; i < count; i += 32) {
      size_t end = i + 32 < count ? i + 32 : count;
      float largest = largest_magnitude_f32(load_f32_partial(x + i, end - i),
                                            end - i > 16 ? load_f32_partial(x + i + 16, end - i - 16) : splat_f32(0));
      // As for a product's inputs: too small is zero, and what is no number shows in the scale.
      bool has_codes = largest > 1e-36f && largest < INFINITY;
      float inverse = has_codes ? 127 / largest : 0;
      for (size_t j = i; j < end; j++) {
        ((int8_t *)to)[j * step] = has_codes ? (int8_t)__builtin_rintf(x[j] * inverse) : 0;
      }
      scales[i / 32 * scale_step] = largest / 127;
    }
  }
}

static void cache_write(const mk_attention *a, mk_pages pages, size_t position, const float *key, const float *value) {
  uint8_t *page = page_at(pages, position / MK_PAGE);
  if (a->type == MK_BF16) return cache_write_bf16(a->head_size, page, position % MK_PAGE, key, value);
  uint8_t *values = page_values(page, a->type, a->head_size);
  const size_t slot = position % MK_PAGE, size = element_bytes(a->type), padded = padded_head(a->head_size);
  write_vector(a->type, key, a->head_size, page + slot * size, MK_PAGE,
               page_scales(page, a->type, a->head_size, false) + slot, MK_PAGE);
  uint8_t *row = values + slot * padded * size;
  // The padding is multiplied like the rest, so it has to be zero and not whatever the memory held.
  memset(row + a->head_size * size, 0, (padded - a->head_size) * size);
  write_vector(a->type, value, a->head_size, row, 1,
               page_scales(page, a->type, a->head_size, true) + slot * head_blocks(a->head_size), 1);
}

/// A page's keys as floats.
static void widen_keys(uint32_t type, uint8_t *page, size_t head_size, float *to) {
  const float *scales = page_scales(page, type, head_size, false);
  for (size_t d = 0; d < head_size; d++) {
    for (size_t j = 0; j < MK_PAGE; j += 16, to += 16) {
      size_t at = d * MK_PAGE + j;
      if (type == MK_F16) {
        store_f32(to, load_f16((const uint16_t *)page + at));
      } else {
        store_f32(to, load_i8_as_f32((const int8_t *)page + at) * load_f32(scales + d / 32 * MK_PAGE + j));
      }
    }
  }
}

/// The first `keys` rows of a page's values as floats.
static void widen_values(uint32_t type, uint8_t *page, size_t head_size, size_t keys, float *to) {
  const size_t padded = padded_head(head_size);
  const uint8_t *values = page_values(page, type, head_size);
  const float *scales = page_scales(page, type, head_size, true);
  for (size_t j = 0; j < keys; j++) {
    for (size_t d = 0; d < padded; d += 16, to += 16) {
      if (type == MK_F16) {
        store_f32(to, load_f16((const uint16_t *)values + j * padded + d));
      } else {
        float scale = scales[j * head_blocks(head_size) + d / 32];
        store_f32(to, load_i8_as_f32((const int8_t *)values + j * padded + d) * splat_f32(scale));
      }
    }
  }
}

/// `c += a b`: `rows` rows, `vectors` of sixteen columns, in the order of `k`.
///
/// Meanwhile memory `ahead`, as much as `b` has, is asked for; with few rows a core would otherwise wait for most of it.
MK_INLINE void product_tile(const uint32_t type, const int rows, const int vectors, size_t k, const float *a,
                            size_t a_stride, const void *b, size_t b_stride, float *c, size_t c_stride,
                            const uint8_t *ahead) {
  f32x16 sums[6][4];
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) sums[r][v] = load_f32(c + r * c_stride + 16 * v);
  }
  for (size_t i = 0; i < k; i++) {
    f32x16 row[4];
    MK_UNROLL
    for (int v = 0; v < vectors; v++) {
      size_t at = i * b_stride + 16 * v;
      if (ahead && v % (type == MK_F16 ? 2 : 1) == 0) __builtin_prefetch(ahead + at * element_bytes(type));
      row[v] = type == MK_F16 ? load_f16((const uint16_t *)b + at) : load_f32((const float *)b + at);
    }
    for (int r = 0; r < rows; r++) {
      f32x16 x = splat_f32(a[r * a_stride + i]);
      for (int v = 0; v < vectors; v++) sums[r][v] = fma_f32(row[v], x, sums[r][v]);
    }
  }
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) store_f32(c + r * c_stride + 16 * v, sums[r][v]);
  }
}

#define MK_ROWS_CASE(type, rows, vectors) \
  case rows: product_tile(type, rows, vectors, k, a, a_stride, b, b_stride, c, c_stride, ahead); break;
#define MK_ROWS_SWITCH(type, vectors)                                                             \
  switch (some) {                                                                                 \
    MK_ROWS_CASE(type, 1, vectors)                                                                \
    MK_ROWS_CASE(type, 2, vectors)                                                                \
    MK_ROWS_CASE(type, 3, vectors)                                                                \
    MK_ROWS_CASE(type, 4, vectors)                                                                \
    MK_ROWS_CASE(type, 5, vectors)                                                                \
    MK_ROWS_CASE(type, 6, vectors)                                                                \
  }

/// Up to so many rows, a tile is 64 columns wide; with more, its sums would not all be in registers.
#if defined(MK_SIMD_AVX2)
enum { MK_WIDE_ROWS = 1 };
#else
enum { MK_WIDE_ROWS = 6 };
#endif

/// `c += a b` for any number of rows; columns are a multiple of sixteen.
MK_INLINE void product(const uint32_t type, size_t rows, size_t columns, size_t k, const float *a, size_t a_stride,
                       const uint8_t *b, size_t b_stride, float *c, size_t c_stride, const uint8_t *ahead) {
  while (rows > 0) {
    size_t some = rows < 6 ? rows : 6;
    const uint8_t *b_start = b;
    float *c_start = c;
    for (size_t left = columns; left > 0;) {
      size_t taken = left >= 64 && some <= MK_WIDE_ROWS ? 64 : 16;
      if (taken == 64) {
        MK_ROWS_SWITCH(type, 4)
      } else {
        MK_ROWS_SWITCH(type, 1)
      }
      left -= taken;
      b += taken * element_bytes(type);
      if (ahead) ahead += taken * element_bytes(type);
      c += taken;
    }
    b = b_start;
    c = c_start + some * c_stride;
    a += some * a_stride;
    rows -= some;
    ahead = NULL;
  }
}

/// The state of a tile: rows are token by token, within a token the query heads of the group.
typedef struct {
  size_t rows;
  float *queries;   // [rows][padded], scaled
  float *scores;    // [rows][64]
  float *values;    // [rows][padded]
  float *largest;   // [rows]
  float *raised;    // [rows], the largest with the page at hand
  float *sums;      // [rows]
  float *keys_f32;    // [head_size][64]
  float *values_f32;  // [64][padded]
} mk_attention_tile_state;

MK_INLINE mk_attention_tile_state tile_state(const mk_attention *a, size_t tokens, float *scratch) {
  const size_t rows = tokens * (a->heads / a->key_value_heads), padded = padded_head(a->head_size);
  mk_attention_tile_state s = {.rows = rows};
  s.queries = scratch;
  s.scores = s.queries + rows * padded;
  s.values = s.scores + rows * MK_PAGE;
  s.largest = s.values + rows * padded;
  s.raised = s.largest + rows;
  s.sums = s.raised + rows;
  s.keys_f32 = s.sums + rows;
  s.values_f32 = s.keys_f32 + MK_PAGE * padded;
  return s;
}

static size_t attention_tile(const mk_attention *a) {
  // Enough rows to be worth widening a page's keys and values to floats for.
  const size_t rows = 96, group = a->heads / a->key_value_heads;
  return group >= rows ? 1 : rows / group;
}

static size_t attention_scratch(const mk_attention *a) {
  const size_t rows = attention_tile(a) * (a->heads / a->key_value_heads), padded = padded_head(a->head_size);
  if (a->type == MK_BF16) return attention_scratch_bf16(a, rows);
  return 2 * rows * (2 * padded + MK_PAGE + 3) + 2 * MK_PAGE * padded;
}

/// Which keys of a page a token sees: `lowest...highest`, none if there are none between.
typedef struct {
  int32_t lowest, highest;
} mk_seen;

MK_INLINE mk_seen seen_keys(size_t position, size_t base, size_t window) {
  return (mk_seen){
      .lowest = window > 0 && position + 1 > window + base ? (int32_t)(position + 1 - window - base) : 0,
      .highest = position - base < MK_PAGE ? (int32_t)(position - base) : MK_PAGE - 1,
  };
}

/// Caps and masks one row's scores over one page, and returns the largest.
MK_INLINE float mask_scores(float *scores, mk_seen seen, float cap) {
  f32x16 s[4];
  MK_UNROLL
  for (int v = 0; v < 4; v++) s[v] = load_f32(scores + 16 * v);
  if (cap > 0 || seen.lowest > 0 || seen.highest < MK_PAGE - 1) {
    const i32x16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    MK_UNROLL
    for (int v = 0; v < 4; v++) {
      if (cap > 0) s[v] = splat_f32(cap) * tanh_f32(s[v] / splat_f32(cap));
      i32x16 key = lanes + 16 * v;
      i32x16 mask = (key <= splat_i32(seen.highest)) & (key >= splat_i32(seen.lowest));
      s[v] = where_f32(mask, s[v], splat_f32(-INFINITY));
      store_f32(scores + 16 * v, s[v]);
    }
  }
  return max_lane_f32(max_f32(max_f32(s[0], s[1]), max_f32(s[2], s[3])));
}

/// Scores become weights, relative to the largest; returns their sum.
MK_INLINE float weigh_scores(float *scores, float largest) {
  f32x16 s[4];
  MK_UNROLL
  for (int v = 0; v < 4; v++) {
    s[v] = exp_f32(load_f32(scores + 16 * v) - splat_f32(largest));
    store_f32(scores + 16 * v, s[v]);
  }
  return sum_f32(((s[0] + s[1]) + s[2]) + s[3]);
}

/// The scores of a tile over one page become weights, and what earlier pages gave is made relative to the new maximum.
///
/// Row by row each step waits for the one before, so each step is done for all rows before the next.
MK_INLINE void weigh_page(const mk_attention *a, size_t position, size_t base, size_t padded,
                          mk_attention_tile_state s) {
  const size_t group = a->heads / a->key_value_heads;
  for (size_t r = 0; r < s.rows; r++) {
    const size_t at = position + r / group;
    const mk_seen seen = seen_keys(at, base, a->window);
    s.raised[r] = s.largest[r];
    if (at < base || seen.lowest > seen.highest) {
      for (int v = 0; v < 4; v++) store_f32(s.scores + r * MK_PAGE + 16 * v, splat_f32(-INFINITY));
    } else {
      const float most = mask_scores(s.scores + r * MK_PAGE, seen, a->softcap);
      if (!(most <= s.raised[r])) s.raised[r] = most;
    }
  }
  for (size_t r = 0; r < s.rows; r++) {
    const float factor = s.raised[r] == s.largest[r] ? 1 : exp_f32(splat_f32(s.largest[r] - s.raised[r]))[0];
    // A row that has seen nothing yet has no maximum to be relative to: zero gives it weights of zero.
    const float sum = weigh_scores(s.scores + r * MK_PAGE, s.raised[r] == -INFINITY ? 0 : s.raised[r]);
    s.sums[r] = s.sums[r] * factor + sum;
    s.largest[r] = s.raised[r];
    if (factor == 1) continue;
    for (size_t d = 0; d < padded; d += 16) {
      float *v = s.values + r * padded + d;
      store_f32(v, load_f32(v) * splat_f32(factor));
    }
  }
}

/// The partial result of a tile over one span.
static void attend_span_tile(const mk_attention *a, mk_pages pages, size_t position, size_t tokens, size_t span,
                             mk_attention_tile_state s) {
  const size_t padded = padded_head(a->head_size), last = position + tokens - 1;
  for (size_t r = 0; r < s.rows; r++) {
    s.largest[r] = -INFINITY;
    s.sums[r] = 0;
  }
  memset(s.values, 0, s.rows * padded * sizeof(float));
  size_t first_seen = first_seen_position(a, position);
  size_t end = (span + 1) * MK_SPAN < last + 1 ? (span + 1) * MK_SPAN : last + 1;
  for (size_t base = span * MK_SPAN; base < end; base += MK_PAGE) {
    if (base + MK_PAGE <= first_seen) continue;
    uint8_t *page = page_at(pages, base / MK_PAGE);
    // Keys past the tile's last token may not have been written yet.
    size_t keys = last + 1 - base < MK_PAGE ? last + 1 - base : MK_PAGE;
    const bool direct = a->type == MK_F32 || (a->type == MK_F16 && s.rows <= 6);
    memset(s.scores, 0, s.rows * MK_PAGE * sizeof(float));
    const uint8_t *key_rows = page, *value_rows = page_values(page, a->type, a->head_size);
    if (!direct) {
      widen_keys(a->type, page, a->head_size, s.keys_f32);
      widen_values(a->type, page, a->head_size, keys, s.values_f32);
      key_rows = (const uint8_t *)s.keys_f32;
      value_rows = (const uint8_t *)s.values_f32;
    }
    const bool half = direct && a->type == MK_F16;
    if (half) {
      product(MK_F16, s.rows, MK_PAGE, a->head_size, s.queries, padded, key_rows, MK_PAGE, s.scores, MK_PAGE,
              value_rows);
    } else {
      product(MK_F32, s.rows, MK_PAGE, a->head_size, s.queries, padded, key_rows, MK_PAGE, s.scores, MK_PAGE, NULL);
    }
    weigh_page(a, position, base, padded, s);
    if (half) {
      const bool is_last = base + MK_PAGE >= end;
      product(MK_F16, s.rows, padded, keys, s.scores, MK_PAGE, value_rows, padded, s.values, padded,
              is_last ? NULL : page_at(pages, base / MK_PAGE + 1));
    } else {
      product(MK_F32, s.rows, padded, keys, s.scores, MK_PAGE, value_rows, padded, s.values, padded, NULL);
    }
  }
}

/// Adds a span's partial result to the total.
MK_INLINE void merge(size_t padded, float largest, float sum, const float *values, float *total_largest,
                     float *total_sum, float *total_values) {
  // The largest score's own weight is one: no sum means that nothing was seen.
  if (sum == 0) return;
  float now = largest > *total_largest ? largest : *total_largest;
  float old_factor = exp_f32(splat_f32(*total_largest - now))[0], new_factor = exp_f32(splat_f32(largest - now))[0];
  float kept = *total_sum * old_factor;
  *total_sum = __builtin_fmaf(sum, new_factor, kept);
  *total_largest = now;
  for (size_t d = 0; d < padded; d += 16) {
    f32x16 scaled = load_f32(total_values + d) * splat_f32(old_factor);
    store_f32(total_values + d, fma_f32(load_f32(values + d), splat_f32(new_factor), scaled));
  }
}

MK_INLINE void load_queries(const mk_attention *a, size_t head, size_t tokens, const float *queries, float *to) {
  const size_t group = a->heads / a->key_value_heads, padded = padded_head(a->head_size);
  for (size_t t = 0; t < tokens; t++) {
    for (size_t g = 0; g < group; g++, to += padded) {
      const float *q = queries + t * a->stride + (head * group + g) * a->head_size;
      for (size_t d = 0; d < a->head_size; d++) to[d] = q[d] * a->scale;
    }
  }
}

MK_INLINE void store_output(const float *values, float sum, size_t count, float *output) {
  for (size_t d = 0; d < count; d++) output[d] = values[d] * inverse_sum(sum);
}

static void attend(const mk_attention *a, mk_pages pages, size_t head, size_t position, size_t tokens,
                   const float *queries, float *outputs, float *scratch) {
  if (a->type == MK_BF16) return attend_bf16(a, pages, head, position, tokens, queries, outputs, scratch);
  const size_t group = a->heads / a->key_value_heads, padded = padded_head(a->head_size);
  mk_attention_tile_state s = tile_state(a, tokens, scratch);
  float *total_values = s.values_f32 + MK_PAGE * padded, *total_largest = total_values + s.rows * padded;
  float *total_sums = total_largest + s.rows;
  load_queries(a, head, tokens, queries, s.queries);
  memset(total_values, 0, s.rows * padded * sizeof(float));
  for (size_t r = 0; r < s.rows; r++) {
    total_largest[r] = -INFINITY;
    total_sums[r] = 0;
  }
  for (size_t span = first_seen_position(a, position) / MK_SPAN; span * MK_SPAN < position + tokens; span++) {
    attend_span_tile(a, pages, position, tokens, span, s);
    for (size_t r = 0; r < s.rows; r++) {
      merge(padded, s.largest[r], s.sums[r], s.values + r * padded, total_largest + r, total_sums + r,
            total_values + r * padded);
    }
  }
  for (size_t r = 0; r < s.rows; r++) {
    float *output = outputs + r / group * a->stride + (head * group + r % group) * a->head_size;
    store_output(total_values + r * padded, total_sums[r], a->head_size, output);
  }
}

static size_t attention_partial(const mk_attention *a) {
  return (a->heads / a->key_value_heads) * (padded_head(a->head_size) + 2);
}

static void attend_span(const mk_attention *a, mk_pages pages, size_t head, size_t position, size_t span,
                        const float *query, float *partial, float *scratch) {
  if (a->type == MK_BF16) return attend_one_span_bf16(a, pages, head, position, span, query, partial, scratch);
  const size_t padded = padded_head(a->head_size);
  mk_attention_tile_state s = tile_state(a, 1, scratch);
  load_queries(a, head, 1, query, s.queries);
  attend_span_tile(a, pages, position, 1, span, s);
  for (size_t r = 0; r < s.rows; r++, partial += padded + 2) {
    partial[0] = s.largest[r];
    partial[1] = s.sums[r];
    memcpy(partial + 2, s.values + r * padded, padded * sizeof(float));
  }
}

static void attend_merge(const mk_attention *a, size_t head, size_t spans, const float *partials, float *output,
                         float *scratch) {
  const size_t group = a->heads / a->key_value_heads, padded = padded_head(a->head_size);
  for (size_t g = 0; g < group; g++) {
    float largest = -INFINITY, sum = 0;
    memset(scratch, 0, padded * sizeof(float));
    for (size_t span = 0; span < spans; span++) {
      const float *p = partials + span * attention_partial(a) + g * (padded + 2);
      merge(padded, p[0], p[1], p + 2, &largest, &sum, scratch);
    }
    store_output(scratch, sum, a->head_size, output + (head * group + g) * a->head_size);
  }
}
