// The tables of kernels for training that instruction sets provide.

#ifndef MK_TRAINING_TABLES_H
#define MK_TRAINING_TABLES_H

#include "mk_training.h"

extern const mk_training mk_training_f64;
extern const mk_training mk_training_portable, mk_training_portable_mixed;
#if defined(__x86_64__)
extern const mk_training mk_training_avx2, mk_training_avx2_mixed;
extern const mk_training mk_training_avx512, mk_training_avx512_mixed;
#elif defined(__aarch64__)
extern const mk_training mk_training_neon, mk_training_neon_mixed;
#endif

#endif
