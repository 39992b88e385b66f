#include "cmpi.h"

#include <stdio.h>

#ifdef ARSSR_MPI

#include <mpi.h>

// Sums that run at a time, and values of each; more values are several sums.
enum { MOST_SUMS = 256 };
static const int64_t LONGEST_SUM = 1 << 28;

static MPI_Request requests[MOST_SUMS];
static int open_sums = 0;

int cmpi_join(int *rank, int *count) {
  int level;
  int error = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
  // A lost process is to be reported, not to end this one.
  if (!error) error = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  if (!error) error = MPI_Comm_rank(MPI_COMM_WORLD, rank);
  if (!error) error = MPI_Comm_size(MPI_COMM_WORLD, count);
  return error;
}

static int begin(void *values, int64_t count, MPI_Datatype type, int64_t width) {
  while (count > 0) {
    if (open_sums == MOST_SUMS) {
      int error = MPI_Waitall(open_sums, requests, MPI_STATUSES_IGNORE);
      if (error) return error;
      open_sums = 0;
    }
    int64_t part = count < LONGEST_SUM ? count : LONGEST_SUM;
    int error = MPI_Iallreduce(
        MPI_IN_PLACE, values, (int)part, type, MPI_SUM, MPI_COMM_WORLD, &requests[open_sums]);
    if (error) return error;
    open_sums += 1;
    values = (char *)values + part * width;
    count -= part;
  }
  return MPI_SUCCESS;
}

int cmpi_begin_sum_of_floats(float *values, int64_t count) {
  return begin(values, count, MPI_FLOAT, sizeof(float));
}

int cmpi_begin_sum_of_doubles(double *values, int64_t count) {
  return begin(values, count, MPI_DOUBLE, sizeof(double));
}

int cmpi_test(int *complete) {
  int error = MPI_Testall(open_sums, requests, complete, MPI_STATUSES_IGNORE);
  if (!error && *complete) open_sums = 0;
  return error;
}

int cmpi_leave(void) { return MPI_Finalize(); }

void cmpi_message(int error, char *text, int capacity) {
  char words[MPI_MAX_ERROR_STRING];
  int length = 0;
  if (MPI_Error_string(error, words, &length) != MPI_SUCCESS) length = 0;
  snprintf(text, (size_t)capacity, "%.*s", length, words);
}

#else

static const int NOT_BUILT = 1;

int cmpi_join(int *rank, int *count) {
  *rank = 0;
  *count = 1;
  return NOT_BUILT;
}
int cmpi_begin_sum_of_floats(float *values, int64_t count) {
  (void)values, (void)count;
  return NOT_BUILT;
}
int cmpi_begin_sum_of_doubles(double *values, int64_t count) {
  (void)values, (void)count;
  return NOT_BUILT;
}
int cmpi_test(int *complete) {
  *complete = 0;
  return NOT_BUILT;
}
int cmpi_leave(void) { return NOT_BUILT; }
void cmpi_message(int error, char *text, int capacity) {
  (void)error;
  snprintf(text, (size_t)capacity, "built without MPI");
}

#endif
