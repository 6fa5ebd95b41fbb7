// Kernels of Moso: SIMD arithmetic, quantised blocks and the thread pool.
//
// Kernels validate nothing, allocate nothing and know nothing of files or models. Callers in MosoTensor check shapes.

#ifndef CMOSOKERNELS_H
#define CMOSOKERNELS_H

#include "mk_isa.h"

#endif
