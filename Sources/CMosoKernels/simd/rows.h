// Rows of activations: normalisation, activations, rotation.

MK_INLINE float sum_of_squares(const float *x, float shift, size_t count) {
  f32x16 sum = splat_f32(0);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    f32x16 v = load_f32(x + i) - splat_f32(shift);
    sum = fma_f32(v, v, sum);
  }
  float total = sum_f32(sum);
  for (; i < count; i++) {
    float v = x[i] - shift;
    total += v * v;
  }
  return total;
}

static void normalize_rms(const float *x, const float *gain, float epsilon, size_t count, float *y) {
  float scale = 1 / __builtin_sqrtf(sum_of_squares(x, 0, count) / (float)count + epsilon);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) store_f32(y + i, load_f32(x + i) * splat_f32(scale) * load_f32(gain + i));
  for (; i < count; i++) y[i] = x[i] * scale * gain[i];
}

static void normalize_layer(const float *x, const float *gain, const float *bias, float epsilon, size_t count,
                            float *y) {
  f32x16 sum = splat_f32(0);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) sum += load_f32(x + i);
  float total = sum_f32(sum);
  for (; i < count; i++) total += x[i];
  float mean = total / (float)count;
  float scale = 1 / __builtin_sqrtf(sum_of_squares(x, mean, count) / (float)count + epsilon);
  for (i = 0; i < count; i++) {
    float v = (x[i] - mean) * scale * gain[i];
    y[i] = bias ? v + bias[i] : v;
  }
}

/// Applies `expression` (of `v`, and `w` where a second operand is given) to sixteen elements at a time.
#define MK_ELEMENTWISE(count, x, second, y, expression)                        \
  do {                                                                         \
    for (size_t i = 0; i < (count); i += 16) {                                 \
      size_t some = (count) - i;                                               \
      f32x16 v = load_f32_partial((x) + i, some);                              \
      f32x16 w = (second) ? load_f32_partial((second) + i, some) : v;          \
      (void)w;                                                                 \
      store_f32_partial((y) + i, (expression), some);                          \
    }                                                                          \
  } while (0)

static void activate(uint32_t function, const float *x, size_t count, float *y) {
  const float *none = NULL;
  switch (function) {
    case MK_SILU: MK_ELEMENTWISE(count, x, none, y, silu_f32(v)); break;
    case MK_GELU_TANH: MK_ELEMENTWISE(count, x, none, y, gelu_tanh_f32(v)); break;
    default:
      for (size_t i = 0; i < count; i++) y[i] = 0.5f * x[i] * (1 + erff(x[i] * 0.70710678118654752f));
  }
}

static void gate(uint32_t function, const float *x, const float *up, size_t count, float *y) {
  switch (function) {
    case MK_SILU: MK_ELEMENTWISE(count, x, up, y, silu_f32(v) * w); break;
    case MK_GELU_TANH: MK_ELEMENTWISE(count, x, up, y, gelu_tanh_f32(v) * w); break;
    default:
      for (size_t i = 0; i < count; i++) y[i] = 0.5f * x[i] * (1 + erff(x[i] * 0.70710678118654752f)) * up[i];
  }
}

static void add(const float *x, const float *other, size_t count, float *y) {
  MK_ELEMENTWISE(count, x, other, y, v + w);
}

static void multiply_elements(const float *x, const float *other, size_t count, float *y) {
  MK_ELEMENTWISE(count, x, other, y, v * w);
}

static void add_scaled(const float *x, float factor, size_t count, float *y) {
  MK_ELEMENTWISE(count, x, y, y, fma_f32(v, splat_f32(factor), w));
}

static void scale(float factor, size_t count, float *y) {
  const float *none = NULL;
  MK_ELEMENTWISE(count, y, none, y, v * splat_f32(factor));
}

static void softcap(float cap, size_t count, float *y) {
  const float *none = NULL;
  MK_ELEMENTWISE(count, y, none, y, splat_f32(cap) * tanh_f32(v / splat_f32(cap)));
}

/// The largest value; NaNs are passed over.
MK_INLINE float largest_of(const float *x, size_t count) {
  f32x16 best = splat_f32(-INFINITY);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    f32x16 v = load_f32(x + i);
    best = where_f32(v > best, v, best);
  }
  float largest = max_lane_f32(best);
  for (; i < count; i++) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

static float softmax(size_t count, float *y) {
  const float largest = largest_of(y, count);
  f32x16 sums = splat_f32(0);
  for (size_t i = 0; i < count; i += 16) {
    size_t some = count - i;
    f32x16 v = exp_f32(load_f32_partial(y + i, some) - splat_f32(largest));
    store_f32_partial(y + i, v, some);
    // Lanes past the end were filled with zeros and have to be left out.
    const i32x16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    if (some < 16) v = where_f32(lanes < splat_i32((int32_t)some), v, splat_f32(0));
    sums += v;
  }
  float total = sum_f32(sums);
  scale(1 / total, count, y);
  return largest + logf(total);
}

static ptrdiff_t argmax(const float *x, size_t count) {
  float largest = largest_of(x, count);
  if (largest == -INFINITY) return -1;
  for (size_t i = 0; i < count; i++) {
    if (x[i] == largest) return (ptrdiff_t)i;
  }
  return -1;
}

static void rotate(float *row, size_t heads, size_t head_size, size_t pairs, const float *cosines, const float *sines,
                   bool adjacent) {
  const size_t step = adjacent ? 2 : 1, apart = adjacent ? 1 : pairs;
  for (size_t head = 0; head < heads; head++, row += head_size) {
    for (size_t i = 0; i < pairs; i++) {
      float *a = row + step * i, *b = a + apart;
      float x = *a, y = *b;
      float turned_x = x * cosines[i], turned_y = y * cosines[i];
      *a = __builtin_fmaf(-y, sines[i], turned_x);
      *b = __builtin_fmaf(x, sines[i], turned_y);
    }
  }
}
