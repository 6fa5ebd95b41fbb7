// Whether matrix instructions (AMX) may be used: the processor has to have them and the system to save their registers.

#define _GNU_SOURCE

#include "dispatch.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

bool mk_may_use_amx(void) {
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18, BFLOAT16 = 1 << 22, TILES = 1 << 24 };
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d & BFLOAT16) || !(d & TILES)) return false;
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}
#elif defined(__x86_64__)
bool mk_may_use_amx(void) { return false; }
#endif
