// Sums over the processes that `mpirun` has started, by MPI, whose handles are macros that Swift cannot
// import. Every function returns 0 or an error of MPI; without the package trait MPI, always one.
#ifndef CMPI_H
#define CMPI_H

#include <stdint.h>

// Joins the others. Call it once, before all else, from a program that `mpirun` has started.
int cmpi_join(int *rank, int *count);

// Begins to replace values by their sums over all processes; they must not be touched until
// `cmpi_test` says that all sums are complete. All processes begin the same sums in the same order.
int cmpi_begin_sum_of_floats(float *values, int64_t count);
int cmpi_begin_sum_of_doubles(double *values, int64_t count);

// Moves all sums on, and says whether they are complete.
int cmpi_test(int *complete);

// Parts from the others, who must do the same.
int cmpi_leave(void);

// What an error means, in MPI's words: at most `capacity` bytes with the final zero.
void cmpi_message(int error, char *text, int capacity);

#endif
