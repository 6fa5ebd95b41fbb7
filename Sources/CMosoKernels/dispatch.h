// The table of kernels that one instruction set provides.

#ifndef MK_DISPATCH_H
#define MK_DISPATCH_H

#include <stdbool.h>

#include "layout.h"
#include "mk_attention.h"
#include "mk_limits.h"
#include "mk_rows.h"
#include "training.h"

typedef struct {
  const char *name;
  const mk_training *training, *mixed_training;
  void (*unpack_row)(const mk_matrix *, size_t, float *);
  void (*prepare)(uint32_t, const float *, size_t, size_t, size_t, size_t, size_t, void *);
  void (*rounding_remainder)(const float *, size_t, float *);
  void (*multiply)(const mk_matrix *, const void *, size_t, mk_part, const float *, const float *, float *, size_t,
                   void *);
  void (*normalize_rms)(const float *, const float *, float, size_t, float *);
  void (*normalize_layer)(const float *, const float *, const float *, float, size_t, float *);
  void (*activate)(uint32_t, const float *, size_t, float *);
  void (*gate)(uint32_t, const float *, const float *, size_t, float *);
  void (*add)(const float *, const float *, size_t, float *);
  void (*multiply_elements)(const float *, const float *, size_t, float *);
  void (*add_scaled)(const float *, float, size_t, float *);
  void (*scale)(float, size_t, float *);
  void (*softcap)(float, size_t, float *);
  float (*softmax)(size_t, float *);
  ptrdiff_t (*argmax)(const float *, size_t);
  void (*rotate)(float *, size_t, size_t, size_t, const float *, const float *, bool);
  size_t (*cache_page_bytes)(uint32_t, size_t);
  void (*cache_write)(const mk_attention *, mk_pages, size_t, const float *, const float *);
  size_t (*attention_tile)(const mk_attention *);
  size_t (*attention_scratch)(const mk_attention *);
  size_t (*attention_partial)(const mk_attention *);
  void (*attend)(const mk_attention *, mk_pages, size_t, size_t, size_t, const float *, float *, float *);
  void (*attend_span)(const mk_attention *, mk_pages, size_t, size_t, size_t, const float *, float *, float *);
  void (*attend_merge)(const mk_attention *, size_t, size_t, const float *, float *, float *);
  uint32_t (*read_memory)(const void *, size_t);
  float (*spin_multiply_add)(size_t);
  int32_t (*spin_dot)(size_t);
  /// Only where there are matrix instructions.
  void (*spin_matrix)(size_t);
} mk_kernels;

extern const mk_kernels mk_kernels_portable;
#if defined(__x86_64__)
extern const mk_kernels mk_kernels_avx2;
extern const mk_kernels mk_kernels_avx512;
mk_kernels mk_kernels_amx(void);
/// Whether this process may use the processor's matrix instructions; asks the system for it.
bool mk_may_use_amx(void);
#elif defined(__aarch64__)
extern const mk_kernels mk_kernels_neon;
#endif

#endif
