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

/// `quota / period` of a control group file pair or line, rounded down but at least 1; 0 where there is no limit.
static size_t quota_threads(long long quota, long long period) {
  if (quota <= 0 || period <= 0) return 0;
  return quota / period > 0 ? (size_t)(quota / period) : 1;
}

static size_t least(size_t a, size_t b) { return b > 0 && b < a ? b : a; }

/// Whether `name` is one of `names`, which commas separate.
static bool lists(const char *names, const char *name) {
  const size_t length = strlen(name);
  for (;;) {
    const size_t next = strcspn(names, ",");
    if (next == length && memcmp(names, name, length) == 0) return true;
    if (names[next] == 0) return false;
    names += next + 1;
  }
}

/// Reads up to two numbers from the file `name` in the control group `path`; those it does not have stay as they are.
static void read_numbers(const char *root, const char *path, const char *name, long long *first, long long *second) {
  char file_name[8192];
  if (snprintf(file_name, sizeof file_name, "%s%s/%s", root, path, name) >= (int)sizeof file_name) return;
  FILE *file = fopen(file_name, "r");
  if (!file) return;
  // A line that says "max" has no number.
  if (fscanf(file, "%lld", first) == 1 && second && fscanf(file, "%lld", second) != 1) *second = -1;
  fclose(file);
}

size_t mk_control_group_threads(size_t threads, const char *groups_file, const char *root) {
  char line[4096], root_1[4096];
  FILE *groups = fopen(groups_file, "r");
  if (!groups) return threads;
  snprintf(root_1, sizeof root_1, "%s/cpu", root);
  while (fgets(line, sizeof line, groups)) {
    // number:controllers:path, with no controllers in version 2
    line[strcspn(line, "\n")] = 0;
    char *controllers = strchr(line, ':'), *path = controllers ? strchr(++controllers, ':') : NULL;
    if (!path) continue;
    *path++ = 0;
    const bool version_2 = *controllers == 0;
    if (!version_2 && !lists(controllers, "cpu")) continue;
    // The group's own quota, then its ancestors': each limits what is below it.
    for (;;) {
      long long quota = -1, period = -1;
      if (version_2) {
        read_numbers(root, path, "cpu.max", &quota, &period);
      } else {
        read_numbers(root_1, path, "cpu.cfs_quota_us", &quota, NULL);
        read_numbers(root_1, path, "cpu.cfs_period_us", &period, NULL);
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
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) threads = least(threads, (size_t)CPU_COUNT(&set));
#endif
  return mk_control_group_threads(threads, "/proc/self/cgroup", "/sys/fs/cgroup");
}
