// Every kernel of one instruction set. Included once per set; see vectors.h.

#include <math.h>

#include "../dispatch.h"
#include "vectors.h"

#include "math.h"
#include "slabs.h"

#include "destination.h"
#include "unpacked.h"

#include "bf16.h"
#include "pages.h"

#include "attention_bf16.h"

#include "attention.h"
#include "multiply.h"

#include "limits.h"
#include "prepare.h"
#include "reals_f32.h"
#include "rows.h"

#include "argmax.h"
#include "unpack.h"

const mk_kernels MK_TABLE = {
    .name = MK_TABLE_NAME,
    .training = &MK_TRAINING,
    .mixed_training = &MK_MIXED_TRAINING,
    .unpack_row = unpack_row,
    .prepare = prepare,
    .rounding_remainder = rounding_remainder,
    .multiply = multiply,
    .normalize_rms = normalize_rms,
    .normalize_layer = normalize_layer,
    .activate = activate,
    .gate = gate,
    .add = add,
    .multiply_elements = multiply_elements,
    .add_scaled = add_scaled,
    .scale = scale,
    .softcap = softcap,
    .softmax = softmax,
    .argmax = argmax,
    .rotate = rotate,
    .cache_page_bytes = cache_page_bytes,
    .cache_write = cache_write,
    .attention_tile = attention_tile,
    .attention_scratch = attention_scratch,
    .attention_partial = attention_partial,
    .attend = attend,
    .attend_span = attend_span,
    .attend_merge = attend_merge,
    .read_memory = read_memory,
    .spin_multiply_add = spin_multiply_add,
    .spin_dot = spin_dot,
};
