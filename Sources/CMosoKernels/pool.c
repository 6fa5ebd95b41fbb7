#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "mk_pool.h"
#include "processors.h"
#include "wait.h"

// A decode step forks about 150 times, microseconds apart; sleeping and waking each time would cost more than the work.
// Spinning for longer than this, on a machine with other work, takes a core away from whoever has to finish.
enum { SPIN_NANOSECONDS = 60000, SPIN_ROUNDS_PER_CLOCK = 64 };

typedef void (*task_body)(void *context, size_t task, size_t thread);

/// The tasks a thread has left: the job's number in the upper half, then the first task and the one past the last.
///
/// A claim is a compare-and-swap of all three, so a thread that comes late to a finished job cannot take a task of the
/// next one with the old job's body.
typedef struct {
  _Alignas(64) _Atomic uint64_t left;
} task_range;

/// Memory that is announced; see `mk_pool_announce`.
typedef struct {
  _Atomic(const char *) base;
  _Atomic size_t bytes;
} ahead_range;

/// How far a thread has come in asking for what was announced.
typedef struct {
  uint32_t announcement;
  size_t range, offset;
} ahead_cursor;

/// What a thread asks for of one range, so that it still lies in the second-level cache when it is read.
enum { AHEAD_MOST = 384 << 10, AHEAD_LINES = 16, CACHE_LINE = 64 };

struct mk_pool {
  _Atomic(task_body) body;
  _Atomic(void *) context;
  /// The number of the job's first task, where a job is a part of longer work.
  _Atomic size_t start;
  _Atomic uint32_t tasks;
  /// Counts finished tasks of the current job; the caller may sleep on it.
  _Alignas(64) _Atomic uint32_t finished;
  _Atomic bool caller_sleeps;
  /// Changes with every job; idle threads sleep on it.
  _Alignas(64) _Atomic uint32_t generation;
  _Atomic uint32_t sleepers;
  _Atomic bool ends;
  /// The processor the caller was on when it began the job; -1 where that is not known.
  _Atomic int caller_processor;
  /// Counts announcements, so that threads notice a new one.
  _Alignas(64) _Atomic uint32_t announcements;
  ahead_range ahead[MK_AHEAD_RANGES];
  /// The caller's, kept from job to job.
  ahead_cursor caller_cursor;
  /// Those the pool may use: the ones its maker could.
  mk_processors *processors;
  size_t threads;
  pthread_t *handles;
  task_range *ranges;
};

/// What sixteen bits count; longer work is done in parts.
enum { MOST_TASKS = 0xffff };

static uint64_t range_of(uint32_t generation, uint32_t first, uint32_t end) {
  return (uint64_t)generation << 32 | (uint64_t)first << 16 | end;
}
static uint32_t range_first(uint64_t range) { return range >> 16 & 0xffff; }
static uint32_t range_end(uint64_t range) { return range & 0xffff; }

typedef struct {
  mk_pool *pool;
  size_t thread;
} worker_start;

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static uint64_t nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void mk_pool_announce(mk_pool *pool, const mk_ahead *ranges, size_t count) {
  for (size_t i = 0; i < MK_AHEAD_RANGES; i++) {
    atomic_store_explicit(&pool->ahead[i].bytes, i < count ? ranges[i].bytes : 0, memory_order_relaxed);
    atomic_store_explicit(&pool->ahead[i].base, i < count ? ranges[i].base : NULL, memory_order_relaxed);
  }
  atomic_fetch_add_explicit(&pool->announcements, 1, memory_order_release);
}

/// Asks for a little of the thread's share of what was announced; returns whether there was something left of it.
///
/// A range read while it changes may be any memory: asking for what is not there does nothing.
static bool ask_ahead(mk_pool *pool, size_t thread, ahead_cursor *cursor) {
  uint32_t announcement = atomic_load_explicit(&pool->announcements, memory_order_acquire);
  if (cursor->announcement != announcement) *cursor = (ahead_cursor){.announcement = announcement};
  for (; cursor->range < MK_AHEAD_RANGES; cursor->range++, cursor->offset = 0) {
    const ahead_range *range = &pool->ahead[cursor->range];
    size_t bytes = atomic_load_explicit(&range->bytes, memory_order_relaxed) / pool->threads;
    if (cursor->offset >= (bytes < AHEAD_MOST ? bytes : AHEAD_MOST)) continue;
    const char *at = atomic_load_explicit(&range->base, memory_order_relaxed) + thread * bytes + cursor->offset;
    for (size_t line = 0; line < AHEAD_LINES; line++) __builtin_prefetch(at + line * CACHE_LINE, 0, 2);
    cursor->offset += AHEAD_LINES * CACHE_LINE;
    return true;
  }
  return false;
}

/// Spins until `*word != value` or the time is up; meanwhile asks for what the thread will read next.
static bool spin_until_changed(mk_pool *pool, size_t thread, ahead_cursor *cursor, _Atomic uint32_t *word,
                               uint32_t value) {
  // Mostly it changes before the clock needs to be looked at.
  for (uint64_t start = 0;;) {
    for (int i = 0; i < SPIN_ROUNDS_PER_CLOCK; i++) {
      if (atomic_load_explicit(word, memory_order_acquire) != value) return true;
      if (!ask_ahead(pool, thread, cursor)) pause_briefly();
    }
    uint64_t now = nanoseconds();
    if (start == 0) start = now;
    if (now - start >= SPIN_NANOSECONDS) return false;
  }
}

/// When a worker last got its core, and for how long the system left it there the last time it took it away.
typedef struct {
  uint64_t resumed, seen, slice;
  long displaced;
} core_turn;

/// What is shorter than this was not a standstill; a turn that is shorter than that was not ended by a clock.
enum { STANDSTILL_NANOSECONDS = 300000, LEAST_TURN_NANOSECONDS = 1000000 };

/// Whether the core was taken away since this was last asked.
static bool was_displaced(core_turn *turn) {
  const long before = turn->displaced;
  turn->displaced = mk_times_displaced();
  return turn->displaced != before;
}

/// Gives the core to whoever waits for it shortly before the system would take it away.
///
/// With a task in hand that would be milliseconds in which every other thread waits for it; between tasks it costs
/// nothing, as others do the tasks that are left.
static void give_way(core_turn *turn) {
  uint64_t now = nanoseconds();
  // Long work takes time too, but not the core: only where much time has passed is the system asked which it was.
  if (now - turn->seen > STANDSTILL_NANOSECONDS && was_displaced(turn)) {
    uint64_t length = turn->seen - turn->resumed;
    if (length > LEAST_TURN_NANOSECONDS) turn->slice = length;
    turn->resumed = now;
  } else if (turn->slice > 0 && now - turn->resumed > turn->slice - turn->slice / 8) {
    sched_yield();
    uint64_t after = nanoseconds();
    // Nobody waits any more.
    if (after - now < STANDSTILL_NANOSECONDS) turn->slice = 0;
    now = turn->resumed = after;
  }
  turn->seen = now;
}

/// Takes a task from the front of the thread's own range or the back of another's; returns whether it did one.
static bool work_once(mk_pool *pool, size_t owner, size_t thread) {
  _Atomic uint64_t *range = &pool->ranges[owner].left;
  uint64_t left = atomic_load_explicit(range, memory_order_acquire);
  for (;;) {
    // These may belong to a newer job than `left`; then the range has been emptied and the claim below fails.
    task_body body = atomic_load_explicit(&pool->body, memory_order_acquire);
    void *context = atomic_load_explicit(&pool->context, memory_order_acquire);
    size_t start = atomic_load_explicit(&pool->start, memory_order_acquire);
    uint32_t first = range_first(left), end = range_end(left), generation = left >> 32;
    if (first >= end) return false;
    uint32_t task = owner == thread ? first : end - 1;
    uint64_t rest = owner == thread ? range_of(generation, first + 1, end) : range_of(generation, first, end - 1);
    if (!atomic_compare_exchange_weak_explicit(range, &left, rest, memory_order_acq_rel, memory_order_acquire)) {
      continue;
    }
    body(context, start + task, thread);
    return true;
  }
}

/// Does the thread's own tasks, then others'.
///
/// Each thread walks through memory of its own, as tasks are consecutive parts of a matrix: two threads that took turns
/// would each fetch ahead what the other is going to read, at half the speed.
///
/// What it did is counted at the end: threads that counted each task in one place would wait for each other. Until then
/// the job is not finished and no other begins, so every task counted is one of this job's.
static void work(mk_pool *pool, size_t thread) {
  uint32_t done = 0;
  for (size_t i = 0; i < pool->threads; i++) {
    size_t owner = (thread + i) % pool->threads;
    while (work_once(pool, owner, thread)) done++;
  }
  if (done == 0) return;
  uint32_t tasks = atomic_load_explicit(&pool->tasks, memory_order_acquire);
  uint32_t finished = atomic_fetch_add(&pool->finished, done) + done;
  if (finished == tasks && atomic_load(&pool->caller_sleeps)) mk_wake_all(&pool->finished);
}

static void *worker(void *argument) {
  worker_start start = *(worker_start *)argument;
  free(argument);
  mk_pool *pool = start.pool;
  uint32_t seen = 0;
  ahead_cursor cursor = {0};
  core_turn turn = {0};
  int avoided = -1;
  while (!atomic_load(&pool->ends)) {
    if (!spin_until_changed(pool, start.thread, &cursor, &pool->generation, seen)) {
      atomic_fetch_add(&pool->sleepers, 1);
      while (atomic_load(&pool->generation) == seen && !atomic_load(&pool->ends)) mk_wait(&pool->generation, seen);
      atomic_fetch_sub(&pool->sleepers, 1);
      turn.resumed = turn.seen = nanoseconds();
      was_displaced(&turn);
    }
    seen = atomic_load_explicit(&pool->generation, memory_order_acquire);
    // Woken on the caller's processor, as happens where all others are busy, a thread only takes its time away. It keeps
    // off from then on, wherever the caller goes; what the caller leaves may be used again.
    int caller = atomic_load_explicit(&pool->caller_processor, memory_order_relaxed);
    if (caller >= 0 && caller != avoided && (avoided >= 0 || caller == mk_current_processor())) {
      mk_keep_off(pool->processors, caller);
      avoided = caller;
    }
    give_way(&turn);
    work(pool, start.thread);
  }
  return NULL;
}

static void free_pool(mk_pool *pool) {
  free(pool->processors);
  free(pool->handles);
  free(pool->ranges);
  free(pool);
}

/// Ends the threads below `end`, which have no work.
static void end_workers(mk_pool *pool, size_t end) {
  atomic_store(&pool->ends, true);
  atomic_fetch_add(&pool->generation, 1);
  mk_wake_all(&pool->generation);
  for (size_t i = 1; i < end; i++) pthread_join(pool->handles[i], NULL);
}

mk_pool *mk_pool_create(size_t threads) {
  mk_pool *pool = aligned_alloc(64, sizeof(mk_pool));
  if (!pool) return NULL;
  *pool = (mk_pool){.threads = threads, .processors = mk_processors_allowed()};
  pool->handles = calloc(threads, sizeof(pthread_t));
  pool->ranges = aligned_alloc(64, threads * sizeof(task_range));
  if (!pool->handles || !pool->ranges) {
    free_pool(pool);
    return NULL;
  }
  for (size_t i = 0; i < threads; i++) atomic_init(&pool->ranges[i].left, 0);
  for (size_t i = 1; i < threads; i++) {
    worker_start *start = malloc(sizeof *start);
    if (start) *start = (worker_start){pool, i};
    if (!start || pthread_create(&pool->handles[i], NULL, worker, start) != 0) {
      free(start);
      end_workers(pool, i);
      free_pool(pool);
      return NULL;
    }
  }
  return pool;
}

void mk_pool_destroy(mk_pool *pool) {
  end_workers(pool, pool->threads);
  free_pool(pool);
}

/// Does `tasks` tasks, at most `MOST_TASKS`, whose numbers begin at `start`.
static void run_job(mk_pool *pool, size_t start, uint32_t tasks, void *context, task_body body) {
  uint32_t generation = atomic_load_explicit(&pool->generation, memory_order_relaxed) + 1;
  // Emptied first: whoever sees a field of the new job can no longer claim from an old range.
  for (size_t i = 0; i < pool->threads; i++) {
    atomic_store_explicit(&pool->ranges[i].left, range_of(generation, 0, 0), memory_order_relaxed);
  }
  atomic_store_explicit(&pool->start, start, memory_order_release);
  atomic_store_explicit(&pool->tasks, tasks, memory_order_release);
  atomic_store_explicit(&pool->body, body, memory_order_release);
  atomic_store_explicit(&pool->context, context, memory_order_release);
  atomic_store_explicit(&pool->finished, 0, memory_order_release);
  for (size_t i = 0; i < pool->threads; i++) {
    uint32_t first = (uint32_t)(i * tasks / pool->threads), end = (uint32_t)((i + 1) * tasks / pool->threads);
    atomic_store_explicit(&pool->ranges[i].left, range_of(generation, first, end), memory_order_release);
  }
  atomic_store_explicit(&pool->caller_processor, mk_current_processor(), memory_order_relaxed);
  atomic_store(&pool->generation, generation);
  if (atomic_load(&pool->sleepers) > 0) mk_wake_all(&pool->generation);

  work(pool, 0);

  // Someone else may still have a task in hand. If that thread is not running, sleeping lets it.
  uint32_t done;
  while ((done = atomic_load_explicit(&pool->finished, memory_order_acquire)) < tasks) {
    if (spin_until_changed(pool, 0, &pool->caller_cursor, &pool->finished, done)) continue;
    atomic_store(&pool->caller_sleeps, true);
    if (atomic_load(&pool->finished) == done) mk_wait(&pool->finished, done);
    atomic_store(&pool->caller_sleeps, false);
  }
}

void mk_pool_run(mk_pool *pool, size_t tasks, void *context, void (*body)(void *, size_t, size_t)) {
  if (tasks == 1 || pool->threads == 1) {
    for (size_t i = 0; i < tasks; i++) body(context, i, 0);
    return;
  }
  for (size_t start = 0; start < tasks; start += MOST_TASKS) {
    size_t left = tasks - start;
    run_job(pool, start, left < MOST_TASKS ? (uint32_t)left : MOST_TASKS, context, body);
  }
}
