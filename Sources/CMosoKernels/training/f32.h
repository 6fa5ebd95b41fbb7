// Every kernel that training needs, for floats and one instruction set.

#include <math.h>

#include "../simd/vectors.h"
#include "mk_rows.h"
#include "mk_training.h"

#include "../simd/math.h"
#include "../simd/reals_f32.h"

#include "table.h"
