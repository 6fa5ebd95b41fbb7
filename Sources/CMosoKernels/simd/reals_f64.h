// The names that kernels for floats and for doubles share, for doubles: slow, and exact enough to check derivatives with.

typedef double real;
typedef double reals __attribute__((vector_size(64)));
typedef int64_t lanes64 __attribute__((vector_size(64)));
typedef reals reals_unaligned __attribute__((aligned(8), may_alias));

enum {
  /// How many numbers a vector has.
  MK_REALS = 8
};

MK_INLINE reals load(const real *p) { return *(const reals_unaligned *)p; }
MK_INLINE void store(real *p, reals v) { *(reals_unaligned *)p = v; }
MK_INLINE reals load_some(const real *p, size_t count) {
  if (count >= MK_REALS) return load(p);
  reals v = {};
  memcpy(&v, p, count * sizeof(real));
  return v;
}
MK_INLINE void store_some(real *p, reals v, size_t count) {
  memcpy(p, &v, (count < MK_REALS ? count : MK_REALS) * sizeof(real));
}
MK_INLINE reals splat(real x) { return (reals){x, x, x, x, x, x, x, x}; }
// Not fused in truth: without instructions for it that is slow, and of doubles nobody compares bits.
MK_INLINE reals fused(reals a, reals b, reals c) { return a * b + c; }
MK_INLINE real sum_of_lanes(reals v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}
MK_INLINE real largest_lane(reals v) {
  real best = v[0];
  for (int i = 1; i < MK_REALS; i++) best = v[i] > best ? v[i] : best;
  return best;
}
/// The larger of each two lanes; what `best` has where `v` is a NaN.
MK_INLINE reals larger(reals v, reals best) {
  const lanes64 mask = v > best;
  return (reals)(((lanes64)v & mask) | ((lanes64)best & ~mask));
}
/// The first `count` lanes; the others become zero.
MK_INLINE reals first_lanes(reals v, size_t count) {
  for (size_t i = count; i < MK_REALS; i++) v[i] = 0;
  return v;
}

MK_INLINE reals exp_of(reals x) {
  for (int i = 0; i < MK_REALS; i++) x[i] = exp(x[i]);
  return x;
}
MK_INLINE reals tanh_of(reals x) {
  for (int i = 0; i < MK_REALS; i++) x[i] = tanh(x[i]);
  return x;
}
MK_INLINE reals silu_of(reals x) { return x / (exp_of(-x) + splat(1)); }
MK_INLINE reals gelu_tanh_of(reals x) {
  const reals inside = splat(0.7978845608028654) * fused(splat(0.044715) * x * x, x, x);
  return splat(0.5) * x * (splat(1) + tanh_of(inside));
}
MK_INLINE real root(real x) { return __builtin_sqrt(x); }
MK_INLINE real logarithm(real x) { return log(x); }
MK_INLINE real exponential(real x) { return exp(x); }
MK_INLINE real error_function(real x) { return erf(x); }
MK_INLINE real fused_one(real a, real b, real c) { return a * b + c; }
