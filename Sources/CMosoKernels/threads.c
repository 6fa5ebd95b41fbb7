// How many threads are worth starting.

#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mk_pool.h"

#if defined(__linux__)

/// `quota / period` of a control group file pair or line, rounded down but at least 1; 0 where there is no limit.
static size_t quota_threads(long long quota, long long period) {
  if (quota <= 0 || period <= 0) return 0;
  return quota / period > 0 ? (size_t)(quota / period) : 1;
}

static size_t least(size_t a, size_t b) { return b > 0 && b < a ? b : a; }

/// The tightest quota of this process's control group and its ancestors, in version 2 or 1 of the interface.
static size_t control_group_threads(size_t threads) {
  char line[4096];
  FILE *groups = fopen("/proc/self/cgroup", "r");
  if (!groups) return threads;
  while (fgets(line, sizeof line, groups)) {
    line[strcspn(line, "\n")] = 0;
    char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path) continue;
    *path++ = 0;
    bool version_2 = controllers[1] == 0;
    if (!version_2 && !strstr(controllers, "cpu")) continue;
    for (;;) {
      char name[4300];
      long long quota = -1, period = -1;
      if (version_2) {
        snprintf(name, sizeof name, "/sys/fs/cgroup%s/cpu.max", path);
        FILE *file = fopen(name, "r");
        if (file) {
          if (fscanf(file, "%lld %lld", &quota, &period) != 2) quota = -1;
          fclose(file);
        }
      } else {
        snprintf(name, sizeof name, "/sys/fs/cgroup/cpu%s/cpu.cfs_quota_us", path);
        FILE *file = fopen(name, "r");
        if (file) {
          if (fscanf(file, "%lld", &quota) != 1) quota = -1;
          fclose(file);
        }
        snprintf(name, sizeof name, "/sys/fs/cgroup/cpu%s/cpu.cfs_period_us", path);
        file = fopen(name, "r");
        if (file) {
          if (fscanf(file, "%lld", &period) != 1) period = -1;
          fclose(file);
        }
      }
      threads = least(threads, quota_threads(quota, period));
      char *slash = strrchr(path, '/');
      if (!slash) break;
      *slash = 0;
    }
  }
  fclose(groups);
  return threads;
}

size_t mk_usable_threads(void) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  size_t threads = cores > 0 ? (size_t)cores : 1;
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) threads = least(threads, (size_t)CPU_COUNT(&set));
  return control_group_threads(threads);
}

#else

size_t mk_usable_threads(void) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cores > 0 ? (size_t)cores : 1;
}

#endif
