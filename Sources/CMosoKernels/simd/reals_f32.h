// The names that kernels for floats and for doubles share, for floats.

typedef float real;
typedef f32x16 reals;

enum {
  /// How many numbers a vector has.
  MK_REALS = 16
};

MK_INLINE reals load(const real *p) { return load_f32(p); }
MK_INLINE void store(real *p, reals v) { store_f32(p, v); }
MK_INLINE reals load_some(const real *p, size_t count) { return load_f32_partial(p, count); }
MK_INLINE void store_some(real *p, reals v, size_t count) { store_f32_partial(p, v, count); }
MK_INLINE reals splat(real x) { return splat_f32(x); }
MK_INLINE reals fused(reals a, reals b, reals c) { return fma_f32(a, b, c); }
MK_INLINE real sum_of_lanes(reals v) { return sum_f32(v); }
MK_INLINE real largest_lane(reals v) { return max_lane_f32(v); }
/// The larger of each two lanes; what `best` has where `v` is a NaN.
MK_INLINE reals larger(reals v, reals best) { return where_f32(v > best, v, best); }
/// The first `count` lanes; the others become zero.
MK_INLINE reals first_lanes(reals v, size_t count) {
  const i32x16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return where_f32(lanes < splat_i32((int32_t)count), v, splat_f32(0));
}

MK_INLINE reals exp_of(reals x) { return exp_f32(x); }
MK_INLINE reals tanh_of(reals x) { return tanh_f32(x); }
MK_INLINE reals silu_of(reals x) { return silu_f32(x); }
MK_INLINE reals gelu_tanh_of(reals x) { return gelu_tanh_f32(x); }
MK_INLINE real root(real x) { return __builtin_sqrtf(x); }
MK_INLINE real logarithm(real x) { return logf(x); }
MK_INLINE real exponential(real x) { return expf(x); }
MK_INLINE real error_function(real x) { return erff(x); }
MK_INLINE real fused_one(real a, real b, real c) { return __builtin_fmaf(a, b, c); }
