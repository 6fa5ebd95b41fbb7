#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#include <sys/resource.h>
#endif
#include <stdlib.h>

#include "processors.h"

#if defined(__linux__)

struct mk_processors {
  cpu_set_t set;
};

mk_processors *mk_processors_allowed(void) {
  mk_processors *allowed = malloc(sizeof *allowed);
  // More processors than the set has room for are an error here; then nothing is kept off any.
  if (allowed && sched_getaffinity(0, sizeof allowed->set, &allowed->set) == 0) return allowed;
  free(allowed);
  return NULL;
}

int mk_current_processor(void) { return sched_getcpu(); }

void mk_keep_off(const mk_processors *allowed, int processor) {
  if (!allowed) return;
  cpu_set_t set = allowed->set;
  CPU_CLR(processor, &set);
  if (CPU_COUNT(&set) > 0) sched_setaffinity(0, sizeof set, &set);
}

long mk_times_displaced(void) {
  struct rusage usage;
  return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nivcsw : 0;
}

#else

mk_processors *mk_processors_allowed(void) { return NULL; }

int mk_current_processor(void) { return -1; }

void mk_keep_off(const mk_processors *allowed, int processor) {
  (void)allowed;
  (void)processor;
}

long mk_times_displaced(void) { return 0; }

#endif
