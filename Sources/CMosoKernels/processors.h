// On which processor a thread runs, and on which it should not.

#ifndef MK_PROCESSORS_H
#define MK_PROCESSORS_H

/// The number of the processor that the calling thread runs on; -1 where the system does not say.
int mk_current_processor(void);

/// Moves the calling thread to any other processor that the process may use, if there is one.
void mk_leave_processor(int processor);

#endif
