// Elementary functions on vectors; polynomials after Cephes' expf (Moshier), good to about one unit in the last place.

/// `e^x`; exactly 1 at 0 and exactly 0 below -87. A NaN stays one.
MK_INLINE f32x16 exp_f32(f32x16 x) {
  const f32x16 lowest = splat_f32(-87.0f), highest = splat_f32(88.0f);
  i32x16 vanishes = x < lowest;
  f32x16 bounded = max_f32(lowest, min_f32(highest, x));
  i32x16 n = round_to_i32(bounded * splat_f32(1.44269504088896341f));
  f32x16 k = to_f32(n);
  f32x16 r = fma_f32(k, splat_f32(-0.693359375f), bounded);
  r = fma_f32(k, splat_f32(2.12194440e-4f), r);
  f32x16 p = splat_f32(1.9875691500e-4f);
  p = fma_f32(p, r, splat_f32(1.3981999507e-3f));
  p = fma_f32(p, r, splat_f32(8.3334519073e-3f));
  p = fma_f32(p, r, splat_f32(4.1665795894e-2f));
  p = fma_f32(p, r, splat_f32(1.6666665459e-1f));
  p = fma_f32(p, r, splat_f32(5.0000001201e-1f));
  p = fma_f32(p, r, splat_f32(1));
  p = fma_f32(p, r, splat_f32(1));
  // Times two to the n, which is added to the exponent: within the bounds that stays one of a normal number.
  f32x16 y = (f32x16)((i32x16)p + (n << 23));
  return where_f32(vanishes, splat_f32(0), y);
}

/// Good to two units in the last place of 1, not of results near 0, where it subtracts what is nearly 1 from 1.
MK_INLINE f32x16 tanh_f32(f32x16 x) {
  return splat_f32(1) - splat_f32(2) / (exp_f32(x + x) + splat_f32(1));
}

MK_INLINE f32x16 silu_f32(f32x16 x) { return x / (exp_f32(-x) + splat_f32(1)); }

MK_INLINE f32x16 gelu_tanh_f32(f32x16 x) {
  f32x16 inside = splat_f32(0.7978845608028654f) * fma_f32(splat_f32(0.044715f) * x * x, x, x);
  return splat_f32(0.5f) * x * (splat_f32(1) + tanh_f32(inside));
}
