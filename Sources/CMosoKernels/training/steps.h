// The loss, and what an optimiser makes of its derivatives.

static double cross_entropy(void *row, size_t count, size_t target, double weight, double penalty) {
  real *scores = row;
  const real largest = largest_of(scores, count), wanted = scores[target];
  reals sums = splat(0);
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    const reals v = exp_of(load_some(scores + i, some) - splat(largest));
    store_some(scores + i, v, some);
    // Lanes past the end were loaded as zeros and are no scores.
    sums += some < MK_REALS ? first_lanes(v, some) : v;
  }
  const real sum = sum_of_lanes(sums), total = largest + logarithm(sum);
  const real factor = (real)weight * (1 + 2 * (real)penalty * total) / sum;
  for (size_t i = 0; i < count; i += MK_REALS)
    store_some(scores + i, load_some(scores + i, count - i) * splat(factor), count - i);
  scores[target] -= (real)weight;
  return (double)total - (double)wanted + penalty * (double)total * (double)total;
}

static void adamw(const mk_adamw *s, size_t count, const void *gradients, void *parameters, void *first, void *second) {
  const reals b1 = splat((real)s->first_momentum), b2 = splat((real)s->second_momentum);
  const reals rest1 = splat((real)(1 - s->first_momentum)), rest2 = splat((real)(1 - s->second_momentum));
  const reals size = splat((real)(s->rate / s->first_correction)), epsilon = splat((real)s->epsilon);
  const reals unbiased = splat((real)(1 / __builtin_sqrt(s->second_correction)));
  const reals factor = splat((real)s->gradient_scale), decay = splat((real)s->decay);
  real *p = parameters, *m = first, *v = second;
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    const reals g = load_some((const real *)gradients + i, some) * factor;
    const reals mean = fused(b1, load_some(m + i, some), rest1 * g);
    const reals square = fused(b2, load_some(v + i, some), rest2 * g * g);
    const reals change = size * mean / fused(__builtin_elementwise_sqrt(square), unbiased, epsilon);
    store_some(m + i, mean, some);
    store_some(v + i, square, some);
    store_some(p + i, fused(load_some(p + i, some), decay, -change), some);
  }
}

static double sum_of_squares_exactly(const void *values, size_t count) {
  const real *x = values;
  double sums[16] = {};
  for (size_t i = 0; i < count; i++) sums[i % 16] += (double)x[i] * (double)x[i];
  double sum = 0;
  for (int i = 0; i < 16; i++) sum += sums[i];
  return sum;
}
