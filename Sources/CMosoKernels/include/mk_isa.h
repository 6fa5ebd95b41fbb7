#ifndef MK_ISA_H
#define MK_ISA_H

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

/// The name of the instruction set in use, as in `avx512-vnni`.
const char *mk_isa_name(void);

/// Whether it multiplies matrices of bfloat16 several times as fast as vectors of floats.
bool mk_isa_has_matrix_instructions(void);

/// The number of instruction sets this build has and this machine can run, best first; the last is the portable one.
size_t mk_isa_count(void);

/// Switches every kernel to instruction set `index`. For tests, which compare them.
///
/// All give the same bits, so work that is under way may go on with either.
void mk_isa_select(size_t index);

#pragma clang assume_nonnull end

#endif
