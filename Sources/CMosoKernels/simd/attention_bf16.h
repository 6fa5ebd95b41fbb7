// Attention over keys and values in bfloat16, sixteen queries at a time, for processors with matrix instructions.
//
// Within a page keys lie as rows, [64][head_size], and values transposed, [head_size][64]: both are then the left side of
// a product whose right side is sixteen queries, or their weights for sixty-four keys. A lane is a query, so the softmax
// needs nothing across lanes. Queries and weights are rounded to bfloat16 too; sums are floats.

MK_INLINE size_t bf16_key_width(size_t head_size) { return (head_size + 31) / 32 * 32; }

MK_INLINE size_t cache_page_bytes_bf16(size_t head_size) {
  return MK_PAGE * (bf16_key_width(head_size) + padded_head(head_size)) * sizeof(uint16_t);
}

MK_INLINE uint16_t *page_values_bf16(uint16_t *page, size_t head_size) {
  return page + MK_PAGE * bf16_key_width(head_size);
}

MK_INLINE void cache_write_bf16(size_t head_size, uint8_t *page_start, size_t slot, const float *key,
                                const float *value) {
  uint16_t *page = (uint16_t *)page_start, *row = page + slot * bf16_key_width(head_size);
  uint16_t *values = page_values_bf16(page, head_size);
  for (size_t d = 0; d < head_size; d += 16) {
    store_bf16(row + d, load_f32_partial(key + d, head_size - d), head_size - d);
    uint16_t some[16];
    store_bf16(some, load_f32_partial(value + d, head_size - d), 16);
    for (size_t i = 0; i < 16 && d + i < head_size; i++) values[(d + i) * MK_PAGE + slot] = some[i];
  }
  // The padding is multiplied like the rest, so it has to be zero and not whatever the memory held.
  memset(row + head_size, 0, (bf16_key_width(head_size) - head_size) * sizeof(uint16_t));
}

/// The state of up to a tile of queries, in groups of sixteen: token by token, within a token the heads that share keys.
typedef struct {
  size_t rows, groups;
  uint16_t *queries;        // [groups][key_width / 2][16] pairs, scaled
  float *scores;            // [2][64][16], of the group at hand and the next one
  uint16_t *weights;        // [32][16] pairs
  uint16_t *last_values;    // [padded][64], a page that is not full, with zeros
  int32_t *positions;       // [groups][16], -1 where there is no query
  float *largest;           // [groups][16], of scores in powers of two
  float *sums;              // [groups][16]
  float *values;            // [groups][padded][16]
  float *total_largest;     // as above, of all spans together; scores in powers of e
  float *total_sums;
  float *total_values;
} mk_bf16_state;

MK_INLINE size_t bf16_groups(size_t rows) { return (rows + 15) / 16; }

/// In floats; every part is a multiple of sixteen.
MK_INLINE size_t attention_scratch_bf16(const mk_attention *a, size_t rows) {
  const size_t padded = padded_head(a->head_size);
  return bf16_groups(rows) * (8 * bf16_key_width(a->head_size) + 16 * 5 + 2 * 16 * padded) + 2 * MK_PAGE * 16 +
         MK_PAGE * 8 + padded * MK_PAGE / 2;
}

MK_INLINE mk_bf16_state bf16_state(const mk_attention *a, size_t tokens, float *scratch) {
  const size_t padded = padded_head(a->head_size), rows = tokens * (a->heads / a->key_value_heads);
  const size_t groups = bf16_groups(rows);
  mk_bf16_state s = {.rows = rows, .groups = groups};
  s.queries = (uint16_t *)scratch;
  s.scores = scratch + groups * 8 * bf16_key_width(a->head_size);
  s.weights = (uint16_t *)(s.scores + 2 * MK_PAGE * 16);
  s.last_values = s.weights + MK_PAGE * 16;
  s.positions = (int32_t *)(s.last_values + padded * MK_PAGE);
  s.largest = (float *)s.positions + groups * 16;
  s.sums = s.largest + groups * 16;
  s.values = s.sums + groups * 16;
  s.total_largest = s.values + groups * 16 * padded;
  s.total_sums = s.total_largest + groups * 16;
  s.total_values = s.total_sums + groups * 16;
  return s;
}

static void load_queries_bf16(const mk_attention *a, size_t head, size_t position, const float *queries,
                              mk_bf16_state s) {
  const size_t group = a->heads / a->key_value_heads, width = bf16_key_width(a->head_size);
  // Scores come out as powers of two, which the exponential is computed from.
  const f32x16 scale = splat_f32(a->scale * 1.44269504088896341f);
  for (size_t g = 0; g < s.groups; g++) {
    uint16_t *to = s.queries + g * 16 * width;
    for (size_t d = 0; d < width; d += 16) {
      f32x16 rows[16];
      for (size_t lane = 0; lane < 16; lane++) {
        const size_t row = g * 16 + lane, token = row / group;
        const float *q = queries + token * a->stride + (head * group + row % group) * a->head_size + d;
        const bool exists = row < s.rows && d < a->head_size;
        rows[lane] = exists ? load_f32_partial(q, a->head_size - d) * scale : splat_f32(0);
        s.positions[row] = row < s.rows ? (int32_t)(position + token) : -1;
      }
      transpose_f32(rows);
      MK_UNROLL
      for (int i = 0; i < 8; i++) {
        store_f32((float *)to + (d / 2 + i) * 16, (f32x16)pack_bf16(rows[2 * i], rows[2 * i + 1]));
      }
    }
  }
}

/// `2^x` for a weight: exactly 1 at 0, exactly 0 below -125, in between good to one part in ten thousand, where
/// bfloat16 has one in five hundred. A NaN stays one.
MK_INLINE f32x16 weight_f32(f32x16 x) {
  // Adding one and a half times 2^23 rounds to a whole number, which is then in the lowest bits.
  const f32x16 shift = splat_f32(12582912.0f);
  f32x16 shifted = x + shift, fraction = x - (shifted - shift);
  f32x16 p = splat_f32(5.500856786966324e-2f);
  p = fma_f32(p, fraction, splat_f32(2.422109693288803e-1f));
  p = fma_f32(p, fraction, splat_f32(6.93282961845398e-1f));
  p = fma_f32(p, fraction, splat_f32(1));
  f32x16 y = (f32x16)((i32x16)p + ((i32x16)shifted << 23));
  return where_f32(x < splat_f32(-125), splat_f32(0), y);
}

/// Caps and masks the scores of one group over a page.
MK_INLINE void mask_scores_bf16(const mk_attention *a, float *scores, const int32_t *positions, size_t base) {
  const f32x16 cap = splat_f32(a->softcap * 1.44269504088896341f);
  i32x16 position;
  memcpy(&position, positions, sizeof position);
  const i32x16 highest = position - (int32_t)base;
  const i32x16 lowest = a->window > 0 ? highest - (int32_t)(a->window - 1) : splat_i32(0);
  for (int32_t key = 0; key < MK_PAGE; key++, scores += 16) {
    f32x16 s = load_f32(scores);
    if (a->softcap > 0) s = cap * tanh_f32(s / cap);
    const i32x16 seen = (highest >= splat_i32(key)) & (lowest <= splat_i32(key));
    store_f32(scores, where_f32(seen, s, splat_f32(-INFINITY)));
  }
}

/// One group's scores over a page become weights, and what earlier pages gave is made relative to the new maximum.
MK_INLINE void weigh_group_bf16(size_t padded, const float *scores, uint16_t *weights, float *largest, float *sums,
                                float *values) {
  f32x16 most[4];
  MK_UNROLL
  for (int v = 0; v < 4; v++) most[v] = load_f32(scores + 16 * v);
  for (int key = 4; key < MK_PAGE; key += 4) {
    MK_UNROLL
    for (int v = 0; v < 4; v++) most[v] = max_f32(load_f32(scores + 16 * (key + v)), most[v]);
  }
  const f32x16 before = load_f32(largest);
  const f32x16 now = max_f32(max_f32(max_f32(most[0], most[1]), max_f32(most[2], most[3])), before);
  const i32x16 same = now == before;
  // A query that has seen nothing yet has no maximum to be relative to: zero gives it weights of zero.
  const f32x16 base = where_f32(now == splat_f32(-INFINITY), splat_f32(0), now);
  f32x16 even = splat_f32(0), odd = splat_f32(0);
  for (int key = 0; key < MK_PAGE; key += 2, scores += 32, weights += 32) {
    const f32x16 first = round_weight_bf16(weight_f32(load_f32(scores) - base));
    const f32x16 second = round_weight_bf16(weight_f32(load_f32(scores + 16) - base));
    store_f32((float *)weights, (f32x16)pack_upper_halves((u32x16)first, (u32x16)second));
    // What is summed is what multiplies, so that together the weights are one.
    even += first;
    odd += second;
  }
  store_f32(largest, now);
  if (__builtin_reduce_and(same) != 0) {
    store_f32(sums, load_f32(sums) + (even + odd));
    return;
  }
  const f32x16 difference = (before - now) * splat_f32(0.693147180559945309f);
  const f32x16 factor = where_f32(same, splat_f32(1), exp_f32(difference));
  store_f32(sums, load_f32(sums) * factor + (even + odd));
  for (size_t d = 0; d < padded; d++) store_f32(values + 16 * d, load_f32(values + 16 * d) * factor);
}

/// A page's values with zeros in place of keys from `written` on.
MK_INLINE void copy_written(const uint16_t *values, size_t padded, size_t written, uint16_t *to) {
  // Two keys in each lane: both of them, the even one, or none.
  const i32x16 even = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30};
  i32x16 masks[2];
  for (int half = 0; half < 2; half++) {
    const i32x16 left = splat_i32((int32_t)written - 32 * half) - even;
    masks[half] = ((left > 0) & 0xffff) | ((left > 1) & (int32_t)0xffff0000);
  }
  for (size_t d = 0; d < padded; d++, values += MK_PAGE, to += MK_PAGE) {
    for (int half = 0; half < 2; half++) {
      const i32x16 pairs = (i32x16)load_f32((const float *)(values + 32 * half)) & masks[half];
      store_f32((float *)(to + 32 * half), (f32x16)pairs);
    }
  }
}

/// The partial results of all groups over one span.
static void attend_span_bf16(const mk_attention *a, mk_pages pages, size_t position, size_t tokens, size_t span,
                             mk_bf16_state s) {
  const size_t padded = padded_head(a->head_size), width = bf16_key_width(a->head_size), blocks = width / 32;
  const size_t end = position + tokens, span_end = (span + 1) * MK_SPAN < end ? (span + 1) * MK_SPAN : end;
  const size_t first_seen = first_seen_position(a, position);
  for (size_t i = 0; i < s.groups * 16; i++) s.largest[i] = -INFINITY;
  memset(s.sums, 0, s.groups * 16 * (1 + padded) * sizeof(float));
  begin_products_bf16();
  for (size_t base = span * MK_SPAN; base < span_end; base += MK_PAGE) {
    if (base + MK_PAGE <= first_seen) continue;
    uint16_t *keys = (uint16_t *)page_at(pages, base / MK_PAGE), *values = page_values_bf16(keys, a->head_size);
    // With few queries a core would otherwise wait for most of the page.
    const bool asks = s.groups == 1;
    const uint8_t *next = asks && base + MK_PAGE < span_end ? page_at(pages, base / MK_PAGE + 1) : NULL;
    const uint8_t *ahead = asks ? (const uint8_t *)values : NULL;
    // Keys past the last token may not have been written yet. They get no weight, but zero times a NaN is one.
    const size_t written = end - base < MK_PAGE ? end - base : MK_PAGE;
    if (written < MK_PAGE) {
      copy_written(values, padded, written, s.last_values);
      values = s.last_values;
    }
    // Groups whose last query comes before the page see nothing of it.
    size_t first = 0;
    while (s.positions[(first * 16 + 15 < s.rows ? first * 16 + 15 : s.rows - 1)] < (int32_t)base) first++;
    if (ahead) {
      product_bf16(MK_PAGE, blocks, keys, width, s.queries + first * 16 * width, s.scores, false, ahead);
    } else {
      product_bf16(MK_PAGE, blocks, keys, width, s.queries + first * 16 * width, s.scores, false, NULL);
    }
    for (size_t g = first; g < s.groups; g++) {
      float *scores = s.scores + (g - first) % 2 * MK_PAGE * 16;
      // The next group's product is begun before this one's softmax, so that they overlap.
      if (g + 1 < s.groups) {
        product_bf16(MK_PAGE, blocks, keys, width, s.queries + (g + 1) * 16 * width,
                     s.scores + (g + 1 - first) % 2 * MK_PAGE * 16, false, NULL);
      }
      const int32_t *positions = s.positions + g * 16;
      const int32_t last = positions[g * 16 + 15 < s.rows ? 15 : (s.rows - 1) % 16];
      const bool sees_all = (size_t)positions[0] >= base + MK_PAGE - 1 &&
                            (a->window == 0 || (size_t)last + 1 <= a->window + base);
      if (!sees_all || a->softcap > 0) mask_scores_bf16(a, scores, positions, base);
      float *group_values = s.values + g * 16 * padded;
      weigh_group_bf16(padded, scores, s.weights, s.largest + g * 16, s.sums + g * 16, group_values);
      if (next) {
        product_bf16(padded, MK_PAGE / 32, values, MK_PAGE, s.weights, group_values, true, next);
      } else {
        product_bf16(padded, MK_PAGE / 32, values, MK_PAGE, s.weights, group_values, true, NULL);
      }
    }
  }
  end_products_bf16();
  // Spans are merged in powers of e, whatever the type.
  for (size_t i = 0; i < s.groups * 16; i++) s.largest[i] *= 0.693147180559945309f;
}

/// Adds a span's partial results to the totals: lane by lane what `merge` does.
MK_INLINE void merge_bf16(size_t padded, mk_bf16_state s) {
  for (size_t g = 0; g < s.groups; g++) {
    const f32x16 largest = load_f32(s.largest + g * 16), sum = load_f32(s.sums + g * 16);
    const f32x16 total = load_f32(s.total_largest + g * 16), total_sum = load_f32(s.total_sums + g * 16);
    const i32x16 nothing = sum == splat_f32(0);
    const f32x16 now = max_f32(largest, total);
    const f32x16 old_factor = exp_f32(total - now), new_factor = exp_f32(largest - now);
    store_f32(s.total_largest + g * 16, where_f32(nothing, total, now));
    store_f32(s.total_sums + g * 16, where_f32(nothing, total_sum, fma_f32(sum, new_factor, total_sum * old_factor)));
    for (size_t d = 0; d < padded; d++) {
      float *to = s.total_values + (g * padded + d) * 16;
      const f32x16 old = load_f32(to), value = load_f32(s.values + (g * padded + d) * 16);
      store_f32(to, where_f32(nothing, old, fma_f32(value, new_factor, old * old_factor)));
    }
  }
}

static void attend_bf16(const mk_attention *a, mk_pages pages, size_t head, size_t position, size_t tokens,
                        const float *queries, float *outputs, float *scratch) {
  const size_t group = a->heads / a->key_value_heads, padded = padded_head(a->head_size);
  mk_bf16_state s = bf16_state(a, tokens, scratch);
  load_queries_bf16(a, head, position, queries, s);
  for (size_t i = 0; i < s.groups * 16; i++) s.total_largest[i] = -INFINITY;
  memset(s.total_sums, 0, s.groups * 16 * (1 + padded) * sizeof(float));
  for (size_t span = first_seen_position(a, position) / MK_SPAN; span * MK_SPAN < position + tokens; span++) {
    attend_span_bf16(a, pages, position, tokens, span, s);
    merge_bf16(padded, s);
  }
  for (size_t g = 0; g < s.groups; g++) {
    for (size_t d = 0; d < padded; d += 16) {
      f32x16 rows[16];
      MK_UNROLL
      for (int i = 0; i < 16; i++) rows[i] = load_f32(s.total_values + (g * padded + d + i) * 16);
      transpose_f32(rows);
      for (size_t lane = 0; lane < 16 && g * 16 + lane < s.rows; lane++) {
        const size_t row = g * 16 + lane;
        float *output = outputs + row / group * a->stride + (head * group + row % group) * a->head_size + d;
        const f32x16 values = rows[lane] * splat_f32(inverse_sum(s.total_sums[row]));
        store_f32_partial(output, values, a->head_size - d);
      }
    }
  }
}

static void attend_one_span_bf16(const mk_attention *a, mk_pages pages, size_t head, size_t position, size_t span,
                                 const float *query, float *partial, float *scratch) {
  const size_t padded = padded_head(a->head_size);
  mk_bf16_state s = bf16_state(a, 1, scratch);
  load_queries_bf16(a, head, position, query, s);
  attend_span_bf16(a, pages, position, 1, span, s);
  for (size_t r = 0; r < s.rows; r++, partial += padded + 2) {
    partial[0] = s.largest[r];
    partial[1] = s.sums[r];
    const float *values = s.values + r / 16 * 16 * padded + r % 16;
    for (size_t d = 0; d < padded; d++) partial[2 + d] = values[16 * d];
  }
}
