#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>
#endif

#include "processors.h"

#if defined(__linux__)
int mk_current_processor(void) { return sched_getcpu(); }

void mk_leave_processor(int processor) {
  cpu_set_t allowed;
  // The main thread's set is that of the process: nothing here changes it.
  if (sched_getaffinity(getpid(), sizeof allowed, &allowed) != 0) return;
  CPU_CLR(processor, &allowed);
  if (CPU_COUNT(&allowed) > 0) sched_setaffinity(0, sizeof allowed, &allowed);
}
#else
int mk_current_processor(void) { return -1; }

void mk_leave_processor(int processor) { (void)processor; }
#endif
