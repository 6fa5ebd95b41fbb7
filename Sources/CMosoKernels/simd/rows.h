// Rows of activations: normalisation, activations, rotation; of floats and, to check derivatives with, of doubles.

MK_INLINE real sum_of_squares(const real *x, real shift, size_t count) {
  reals sum = splat(0);
  size_t i = 0;
  for (; i + MK_REALS <= count; i += MK_REALS) {
    reals v = load(x + i) - splat(shift);
    sum = fused(v, v, sum);
  }
  real total = sum_of_lanes(sum);
  for (; i < count; i++) {
    real v = x[i] - shift;
    total += v * v;
  }
  return total;
}

static void normalize_rms(const real *x, const real *gain, real epsilon, size_t count, real *y) {
  real scale = 1 / root(sum_of_squares(x, 0, count) / (real)count + epsilon);
  size_t i = 0;
  for (; i + MK_REALS <= count; i += MK_REALS) store(y + i, load(x + i) * splat(scale) * load(gain + i));
  for (; i < count; i++) y[i] = x[i] * scale * gain[i];
}

static void normalize_layer(const real *x, const real *gain, const real *bias, real epsilon, size_t count, real *y) {
  reals sum = splat(0);
  size_t i = 0;
  for (; i + MK_REALS <= count; i += MK_REALS) sum += load(x + i);
  real total = sum_of_lanes(sum);
  for (; i < count; i++) total += x[i];
  real mean = total / (real)count;
  real scale = 1 / root(sum_of_squares(x, mean, count) / (real)count + epsilon);
  for (i = 0; i < count; i++) {
    real v = (x[i] - mean) * scale * gain[i];
    y[i] = bias ? v + bias[i] : v;
  }
}

/// Applies `expression` (of `v`, and `w` where a second operand is given) to a vector of elements at a time.
#define MK_ELEMENTWISE(count, x, second, y, expression)       \
  do {                                                        \
    for (size_t i = 0; i < (count); i += MK_REALS) {          \
      size_t some = (count) - i;                              \
      reals v = load_some((x) + i, some);                     \
      reals w = (second) ? load_some((second) + i, some) : v; \
      (void)w;                                                \
      store_some((y) + i, (expression), some);                \
    }                                                         \
  } while (0)

/// The exact Gaussian error linear unit.
MK_INLINE real gelu_of(real x) { return (real)0.5 * x * (1 + error_function(x * (real)0.70710678118654752)); }

static void activate(uint32_t function, const real *x, size_t count, real *y) {
  const real *none = NULL;
  switch (function) {
    case MK_SILU: MK_ELEMENTWISE(count, x, none, y, silu_of(v)); break;
    case MK_GELU_TANH: MK_ELEMENTWISE(count, x, none, y, gelu_tanh_of(v)); break;
    default:
      for (size_t i = 0; i < count; i++) y[i] = gelu_of(x[i]);
  }
}

static void gate(uint32_t function, const real *x, const real *up, size_t count, real *y) {
  switch (function) {
    case MK_SILU: MK_ELEMENTWISE(count, x, up, y, silu_of(v) * w); break;
    case MK_GELU_TANH: MK_ELEMENTWISE(count, x, up, y, gelu_tanh_of(v) * w); break;
    default:
      for (size_t i = 0; i < count; i++) y[i] = gelu_of(x[i]) * up[i];
  }
}

static void add(const real *x, const real *other, size_t count, real *y) {
  MK_ELEMENTWISE(count, x, other, y, v + w);
}

static void multiply_elements(const real *x, const real *other, size_t count, real *y) {
  MK_ELEMENTWISE(count, x, other, y, v * w);
}

static void add_scaled(const real *x, real factor, size_t count, real *y) {
  MK_ELEMENTWISE(count, x, y, y, fused(v, splat(factor), w));
}

static void scale(real factor, size_t count, real *y) {
  const real *none = NULL;
  MK_ELEMENTWISE(count, y, none, y, v * splat(factor));
}

static void softcap(real cap, size_t count, real *y) {
  const real *none = NULL;
  MK_ELEMENTWISE(count, y, none, y, splat(cap) * tanh_of(v / splat(cap)));
}

/// The largest value; NaNs are passed over.
MK_INLINE real largest_of(const real *x, size_t count) {
  reals best = splat(-INFINITY);
  size_t i = 0;
  for (; i + MK_REALS <= count; i += MK_REALS) {
    reals v = load(x + i);
    best = larger(v, best);
  }
  real largest = largest_lane(best);
  for (; i < count; i++) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

static real softmax(size_t count, real *y) {
  const real largest = largest_of(y, count);
  reals sums = splat(0);
  for (size_t i = 0; i < count; i += MK_REALS) {
    size_t some = count - i;
    reals v = exp_of(load_some(y + i, some) - splat(largest));
    store_some(y + i, v, some);
    // Lanes past the end were filled with zeros and have to be left out.
    if (some < MK_REALS) v = first_lanes(v, some);
    sums += v;
  }
  real total = sum_of_lanes(sums);
  scale(1 / total, count, y);
  return largest + logarithm(total);
}

static void rotate(real *row, size_t heads, size_t head_size, size_t pairs, const real *cosines, const real *sines,
                   bool adjacent) {
  const size_t step = adjacent ? 2 : 1, apart = adjacent ? 1 : pairs;
  for (size_t head = 0; head < heads; head++, row += head_size) {
    for (size_t i = 0; i < pairs; i++) {
      real *a = row + step * i, *b = a + apart;
      real x = *a, y = *b;
      real turned_x = x * cosines[i], turned_y = y * cosines[i];
      *a = fused_one(-y, sines[i], turned_x);
      *b = fused_one(x, sines[i], turned_y);
    }
  }
}
