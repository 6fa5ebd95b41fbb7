#ifndef MK_ISA_H
#define MK_ISA_H

#pragma clang assume_nonnull begin

/// The name of the instruction set the kernels were dispatched to, as in `avx512-vnni`.
const char *mk_isa_name(void);

#pragma clang assume_nonnull end

#endif
