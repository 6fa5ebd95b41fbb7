// Open MPI as Swift can call it: what its header has as casting macros, by functions.
#ifndef CMPI_H
#define CMPI_H

#include <mpi.h>

static inline MPI_Comm cmpi_world(void) { return MPI_COMM_WORLD; }
static inline MPI_Datatype cmpi_float(void) { return MPI_FLOAT; }
static inline MPI_Datatype cmpi_double(void) { return MPI_DOUBLE; }
static inline MPI_Status *cmpi_no_status(void) { return MPI_STATUS_IGNORE; }

#endif
