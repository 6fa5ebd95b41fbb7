// A fork-join pool for short work: it spins briefly, then sleeps.

#ifndef MK_POOL_H
#define MK_POOL_H

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct mk_pool mk_pool;

/// A pool of `threads` threads, the caller's included; null if memory or threads cannot be had.
mk_pool *_Nullable mk_pool_create(size_t threads);

/// Ends the pool's threads; not while work runs.
void mk_pool_destroy(mk_pool *pool);

/// Calls `body(context, task, thread)` for every task below `tasks`, and returns when all have returned.
///
/// Each thread begins with consecutive tasks of its own and then takes others' one by one, so a thread that the system
/// holds back costs no more than the task it has in hand. One caller at a time; a body must not call
/// the pool.
void mk_pool_run(mk_pool *pool, size_t tasks, void *_Nullable context,
                 __attribute__((swift_attr("@Sendable"))) void (*body)(void *_Nullable context, size_t task,
                                                                       size_t thread));

/// Memory that the next jobs' tasks will read: `bytes` from `base`, shared by the threads as tasks are.
typedef struct {
  const void *_Nullable base;
  size_t bytes;
} mk_ahead;

enum { MK_AHEAD_RANGES = 4 };

/// Tells what will be read next, at most `MK_AHEAD_RANGES` ranges; threads that wait for work ask for it meanwhile.
///
/// Nothing happens at all if the memory is not there.
void mk_pool_announce(mk_pool *pool, const mk_ahead *ranges, size_t count);

/// How many threads this process can keep busy: the least of its affinity, its control group's quota and the cores.
size_t mk_usable_threads(void);

/// The least of `threads` and what the control groups in `groups_file` and their ancestors below `root` allow, rounded
/// down but at least 1; versions 1 and 2 of the interface.
size_t mk_control_group_threads(size_t threads, const char *groups_file, const char *root);

#pragma clang assume_nonnull end

#endif
