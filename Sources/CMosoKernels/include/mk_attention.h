// Attention over a paged cache of keys and values.

#ifndef MK_ATTENTION_H
#define MK_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
  /// Positions in one page of the cache.
  MK_PAGE = 64,
  /// Positions whose scores share one running maximum; partial results of spans are merged in order.
  ///
  /// Its bounds are absolute, so that a token's result does not depend on how the work was shared out.
  MK_SPAN = 512,
};

/// One layer's attention, the same for every sequence.
typedef struct {
  /// The cache's element type: `MK_F32`, `MK_F16`, `MK_BF16` or `MK_Q8_0`.
  uint32_t type;
  size_t head_size;
  size_t heads;
  size_t key_value_heads;
  float scale;
  /// 0 for none.
  float softcap;
  /// How many latest positions are seen, the token's own included; 0 for all.
  size_t window;
  /// Floats between the queries (and outputs) of consecutive tokens.
  size_t stride;
} mk_attention;

/// Where one sequence's pages lie, for one layer and key-value head: page `i` is at `base + table[i] · page_bytes`.
typedef struct {
  uint8_t *base;
  const int32_t *table;
  size_t page_bytes;
} mk_pages;

/// The bytes the keys and values of one page take, for one layer and key-value head.
size_t mk_cache_page_bytes(uint32_t type, size_t head_size);

/// Stores the key and value of `position`.
void mk_cache_write(const mk_attention *attention, mk_pages pages, size_t position, const float *key,
                    const float *value);

/// Tokens per tile of `mk_attend`, so that scratch stays small.
size_t mk_attention_tile(const mk_attention *attention);

/// The scratch floats `mk_attend` and `mk_attend_merge` need per thread.
size_t mk_attention_scratch(const mk_attention *attention);

/// The floats one partial result takes: for each query head of the group its maximum, sum and weighted values.
size_t mk_attention_partial(const mk_attention *attention);

/// Attends for `tokens` (at most a tile) consecutive tokens, the first at `position`, through key-value head `head`.
///
/// All spans are merged and the result is written to `outputs`; queries and outputs point at the first token's row.
void mk_attend(const mk_attention *attention, mk_pages pages, size_t head, size_t position, size_t tokens,
               const float *queries, float *outputs, float *scratch);

/// One token's partial result over one span of positions.
void mk_attend_span(const mk_attention *attention, mk_pages pages, size_t head, size_t position, size_t span,
                    const float *query, float *partial, float *scratch);

/// Merges one token's partial results of spans `0..<spans`, `mk_attention_partial` floats apart.
void mk_attend_merge(const mk_attention *attention, size_t head, size_t spans, const float *partials, float *output,
                     float *scratch);

#pragma clang assume_nonnull end

#endif
