// Kernels of Moso: SIMD arithmetic, quantised blocks and the thread pool.
//
// Kernels validate nothing, allocate nothing and know nothing of files or models. Callers in MosoTensor check shapes.

#ifndef CMOSOKERNELS_H
#define CMOSOKERNELS_H

#include "mk_attention.h"
#include "mk_dequantize.h"
#include "mk_isa.h"
#include "mk_limits.h"
#include "mk_matrix.h"
#include "mk_pool.h"
#include "mk_rows.h"
#include "mk_training.h"

#endif
