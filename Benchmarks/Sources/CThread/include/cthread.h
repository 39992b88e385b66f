// The calls that Swift's Glibc module does not show, because they hide behind _GNU_SOURCE.
#pragma once

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// Binds the calling thread to one processing unit; 0 on success.
static inline long cthread_pin(int unit) {
  uint64_t mask[16] = {0};
  if (unit < 0 || unit >= 1024) return -1;
  mask[unit / 64] = 1ull << (unit % 64);
  return syscall(SYS_sched_setaffinity, 0, sizeof mask, mask);
}

// The processing unit on which the caller runs.
static inline int cthread_current_unit(void) {
  unsigned unit = 0;
  if (syscall(SYS_getcpu, &unit, (void *)0, (void *)0) != 0) return -1;
  return (int)unit;
}
