// On which processor a thread runs, on which it should not, and how often it had to leave one.

#ifndef MK_PROCESSORS_H
#define MK_PROCESSORS_H

/// A set of processors.
typedef struct mk_processors mk_processors;

/// Those that the calling thread may use, to be freed; null where the system does not say.
mk_processors *mk_processors_allowed(void);

/// The number of the processor that the calling thread runs on; -1 where the system does not say.
int mk_current_processor(void);

/// Lets the calling thread use those of `allowed` from now on, but not `processor` if there is another.
void mk_keep_off(const mk_processors *allowed, int processor);

/// How often the system has taken the calling thread's processor away to run something else; 0 where it does not say.
long mk_times_displaced(void);

#endif
