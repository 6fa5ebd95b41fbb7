// Products of bfloat16 matrices with matrix instructions: tiles of sixteen rows of 64 bytes.

/// Must come before products, once a task: a thread's tiles are as they were left, or as the system made them.
MK_INLINE void begin_products_bf16(void) {
  const struct {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
  } tiles = {.palette = 1, .row_bytes = {64, 64, 64, 64, 64, 64, 64, 64}, .rows = {16, 16, 16, 16, 16, 16, 16, 16}};
  _tile_loadconfig(&tiles);
}

/// Without it the system would save and restore eight kilobytes of tiles whenever it switches threads.
MK_INLINE void end_products_bf16(void) { _tile_release(); }

/// `c (+)= a b` for `rows` (a multiple of sixteen) by sixteen columns.
///
/// `a` is `[rows][32 · blocks]`, `a_stride` apart; `b` is `[16 · blocks][16]` pairs of consecutive inputs; `c` is
/// `[rows][16]`. Meanwhile memory `ahead`, as much as `a` has, is asked for.
///
/// Four tiles of sums go through all of `b` together: the instruction's results take 52 cycles, and it starts every 16.
MK_INLINE void product_bf16(size_t rows, size_t blocks, const uint16_t *a, size_t a_stride, const uint16_t *b,
                            float *c, bool adds, const uint8_t *ahead) {
// Tiles are named by constants.
#define MK_TILES(DO) DO(0, 5) if (tiles > 1) { DO(1, 6) } if (tiles > 2) { DO(2, 7) } if (tiles > 3) { DO(3, 5) }
#define MK_BEGIN_TILE(t, unused) \
  if (adds) { _tile_loadd(t, c + 256 * t, 64); } else { _tile_zero(t); }
#define MK_MULTIPLY_TILE(t, from)                                                                          \
  if (ahead) {                                                                                             \
    for (size_t j = 0; j < 16; j++) __builtin_prefetch(ahead + 64 * j);                                    \
    ahead += 1024;                                                                                         \
  }                                                                                                        \
  _tile_loadd(from, a + 16 * t * a_stride + 32 * k, a_stride * sizeof(uint16_t));                          \
  _tile_dpbf16ps(t, from, 4);
#define MK_END_TILE(t, unused) _tile_stored(t, c + 256 * t, 64);
  for (size_t r = 0; r < rows; r += 64) {
    const size_t tiles = rows - r < 64 ? (rows - r) / 16 : 4;
    MK_TILES(MK_BEGIN_TILE)
    for (size_t k = 0; k < blocks; k++) {
      _tile_loadd(4, b + 512 * k, 64);
      MK_TILES(MK_MULTIPLY_TILE)
    }
    MK_TILES(MK_END_TILE)
    a += 64 * a_stride;
    c += 1024;
  }
#undef MK_TILES
#undef MK_BEGIN_TILE
#undef MK_MULTIPLY_TILE
#undef MK_END_TILE
}

static void spin_matrix_bf16(size_t rounds) {
  begin_products_bf16();
  for (size_t i = 0; i < rounds; i++) {
    _tile_dpbf16ps(0, 4, 5);
    _tile_dpbf16ps(1, 4, 5);
    _tile_dpbf16ps(2, 4, 5);
    _tile_dpbf16ps(3, 4, 5);
  }
  end_products_bf16();
}
