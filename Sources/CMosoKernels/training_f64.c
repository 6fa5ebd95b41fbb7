#include <math.h>
#include <stdint.h>
#include <string.h>

#include "mk_rows.h"
#include "training.h"

#pragma STDC FP_CONTRACT OFF
// Vectors cross only functions that are inlined, so how they would be passed does not matter.
#pragma clang diagnostic ignored "-Wpsabi"
#define MK_UNROLL _Pragma("clang loop unroll(full)")
#define MK_INLINE static inline __attribute__((always_inline))
#define MK_NUMBERS_F64
#define MK_TABLE mk_training_f64
#include "simd/reals_f64.h"

#include "training/table.h"
