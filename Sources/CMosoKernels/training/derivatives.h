// The derivatives of operations on rows.

/// Writes or adds up to a vector.
MK_INLINE void put_some(real *p, reals v, size_t count, bool adds) {
  store_some(p, adds ? load_some(p, count) + v : v, count);
}

static void normalize_rms_back(const void *inputs, const void *gains, const void *out_slopes, double epsilon,
                               size_t count, bool adds, void *input_slopes, void *gain_slopes) {
  const real *x = inputs, *gain = gains, *slopes = out_slopes;
  real *x_slopes = input_slopes, *sums = gain_slopes;
  const real scale = 1 / root(sum_of_squares(x, 0, count) / (real)count + (real)epsilon);
  reals products = splat(0);
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    const reals v = load_some(x + i, some), s = load_some(slopes + i, some);
    products = fused(s * load_some(gain + i, some), v, products);
    store_some(sums + i, fused(s * v, splat(scale), load_some(sums + i, some)), some);
  }
  const real share = sum_of_lanes(products) * scale * scale * scale / (real)count;
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    const reals weighted = load_some(slopes + i, some) * load_some(gain + i, some);
    put_some(x_slopes + i, fused(load_some(x + i, some), splat(-share), weighted * splat(scale)), some, adds);
  }
}

static void normalize_layer_back(const void *inputs, const void *gains, const void *out_slopes, double epsilon,
                                 size_t count, bool adds, void *input_slopes, void *gain_slopes, void *bias_slopes) {
  const real *x = inputs, *gain = gains, *slopes = out_slopes;
  real *x_slopes = input_slopes, *gain_sums = gain_slopes, *bias_sums = bias_slopes;
  reals sum = splat(0);
  for (size_t i = 0; i < count; i += MK_REALS) sum += load_some(x + i, count - i);
  const real mean = sum_of_lanes(sum) / (real)count;
  const real scale = 1 / root(sum_of_squares(x, mean, count) / (real)count + (real)epsilon);
  reals products = splat(0), weights = splat(0);
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    // Lanes past the end have slopes of zero, so what is in `v` there does not count.
    const reals s = load_some(slopes + i, some), v = (load_some(x + i, some) - splat(mean)) * splat(scale);
    const reals weighted = s * load_some(gain + i, some);
    products = fused(weighted, v, products);
    weights += weighted;
    store_some(gain_sums + i, fused(s, v, load_some(gain_sums + i, some)), some);
    if (bias_sums) store_some(bias_sums + i, s + load_some(bias_sums + i, some), some);
  }
  const reals by_value = splat(sum_of_lanes(products) / (real)count), by_one = splat(sum_of_lanes(weights) / (real)count);
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    const reals weighted = load_some(slopes + i, some) * load_some(gain + i, some);
    const reals v = (load_some(x + i, some) - splat(mean)) * splat(scale);
    put_some(x_slopes + i, (weighted - by_one - v * by_value) * splat(scale), some, adds);
  }
}

/// What an activation function makes of a number, and its derivative there.
typedef struct {
  reals value, slope;
} mk_activated;

MK_INLINE mk_activated activated(uint32_t function, reals x) {
  const reals one = splat(1), half = splat((real)0.5);
  if (function == MK_SILU) {
    const reals s = one / (exp_of(-x) + one), value = x * s;
    return (mk_activated){value, fused(value, one - s, s)};
  }
  if (function == MK_GELU_TANH) {
    const reals a = splat((real)0.7978845608028654), b = splat((real)0.044715);
    const reals t = tanh_of(a * fused(b * x * x, x, x));
    const reals inside = a * fused(splat(3) * b * x, x, one), rising = half * (one + t);
    return (mk_activated){x * rising, fused(half * x * (one - t * t), inside, rising)};
  }
  const reals density = splat((real)0.3989422804014327) * exp_of(-half * x * x);
  reals below;
  for (int i = 0; i < MK_REALS; i++) below[i] = (real)0.5 * (1 + error_function(x[i] * (real)0.70710678118654752));
  return (mk_activated){x * below, fused(x, density, below)};
}

static void activate_back(uint32_t function, const void *inputs, const void *out_slopes, size_t count, bool adds,
                          void *input_slopes) {
  const real *x = inputs, *slopes = out_slopes;
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    const mk_activated a = activated(function, load_some(x + i, some));
    put_some((real *)input_slopes + i, load_some(slopes + i, some) * a.slope, some, adds);
  }
}

static void gate_back(uint32_t function, const void *gates, const void *ups, const void *out_slopes, size_t count,
                      void *gate_slopes, void *up_slopes) {
  const real *gate = gates, *up = ups, *slopes = out_slopes;
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    const reals s = load_some(slopes + i, some), u = load_some(up + i, some);
    const mk_activated a = activated(function, load_some(gate + i, some));
    store_some((real *)gate_slopes + i, s * u * a.slope, some);
    store_some((real *)up_slopes + i, s * a.value, some);
  }
}

static void softcap_back(double cap, const void *outputs, size_t count, void *slopes) {
  const real *y = outputs;
  real *s = slopes;
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    const reals bent = load_some(y + i, some) / splat((real)cap);
    store_some(s + i, load_some(s + i, some) * fused(-bent, bent, splat(1)), some);
  }
}

static void multiply_elements_into(const void *x, const void *y, size_t count, bool adds, void *outputs) {
  if (!adds) return multiply_elements(x, y, count, outputs);
  for (size_t i = 0; i < count; i += MK_REALS) {
    const size_t some = count - i;
    put_some((real *)outputs + i, load_some((const real *)x + i, some) * load_some((const real *)y + i, some), some, true);
  }
}

static double dot(const void *x, const void *y, size_t count) {
  reals sums = splat(0);
  for (size_t i = 0; i < count; i += MK_REALS)
    sums = fused(load_some((const real *)x + i, count - i), load_some((const real *)y + i, count - i), sums);
  return sum_of_lanes(sums);
}

static void add_to_all(double addend, size_t count, void *values) {
  real *y = values;
  for (size_t i = 0; i < count; i += MK_REALS) store_some(y + i, load_some(y + i, count - i) + splat((real)addend), count - i);
}
