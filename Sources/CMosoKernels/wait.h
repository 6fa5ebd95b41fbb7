// Sleeping until a word changes: futex on Linux, a condition variable elsewhere.

#ifndef MK_WAIT_H
#define MK_WAIT_H

#include <stdatomic.h>
#include <stdint.h>

/// Sleeps while `*word == value`; may return early.
void mk_wait(_Atomic uint32_t *word, uint32_t value);

/// Wakes everyone who sleeps on `word`.
void mk_wake_all(_Atomic uint32_t *word);

#endif
