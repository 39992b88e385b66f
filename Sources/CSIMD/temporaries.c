#include "temporaries.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { slot_count = 256 };

static _Atomic(char *) slots[slot_count];

static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;

void arssr_temporary_begin(void) { pthread_mutex_lock(&creation); }

void arssr_temporary_end(void) { pthread_mutex_unlock(&creation); }

int arssr_temporary_remember(const char *path) {
  char *copy = strdup(path);
  if (!copy) return -1;
  for (int slot = 0; slot < slot_count; slot++) {
    char *empty = NULL;
    if (atomic_compare_exchange_strong(&slots[slot], &empty, copy)) return slot;
  }
  free(copy);
  return -1;
}

void arssr_temporary_forget(int slot) {
  if (slot >= 0) free(atomic_exchange(&slots[slot], NULL));
}

void arssr_temporaries_unlink(void) {
  // Kept for good: whoever wants to create a file now waits until the program is gone.
  pthread_mutex_lock(&creation);
  int saved = errno;
  for (int slot = 0; slot < slot_count; slot++) {
    // Whoever takes the pointer out owns it; it is not freed, because the program ends.
    char *path = atomic_exchange(&slots[slot], NULL);
    if (path) unlink(path);
  }
  errno = saved;
}
