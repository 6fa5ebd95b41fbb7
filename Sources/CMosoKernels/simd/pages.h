// What attention over any type of cache has in common.

/// The dimensions of a head, and more so that they are whole vectors.
MK_INLINE size_t padded_head(size_t head_size) { return (head_size + 15) / 16 * 16; }

MK_INLINE uint8_t *page_at(mk_pages pages, size_t index) {
  return pages.base + (size_t)pages.table[index] * pages.page_bytes;
}

/// The first position that a token at `position` sees.
MK_INLINE size_t first_seen_position(const mk_attention *a, size_t position) {
  return a->window > 0 && position + 1 > a->window ? position + 1 - a->window : 0;
}

/// What weighted values are multiplied by at the end. No weight at all means that nothing was seen.
MK_INLINE float inverse_sum(float sum) { return sum == 0 ? 0 : 1 / sum; }
