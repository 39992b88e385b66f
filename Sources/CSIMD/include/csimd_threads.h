// Thread placement and sleeping. Everything is `static inline`, so no object file is needed.
//
// WORKAROUND: Glibc's module in Swift 6.3 shows neither variadic functions (`syscall`, which futex
// needs) nor those behind _GNU_SOURCE (affinity).
#pragma once

#include <errno.h>
#include <linux/futex.h>
#include <malloc.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc hides `syscall` in a strict standard mode; its prototype is stable.
extern long syscall(long number, ...);

/// Tells the core that this is a spin-wait loop.
static inline void csimd_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

/// Sleeps while `*word == expected`. Returns at once otherwise; spurious returns are possible.
static inline void csimd_futex_wait(const void *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

/// Wakes at most `count` threads that sleep on `word`.
static inline void csimd_futex_wake(const void *word, int32_t count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

/// Makes the allocator give blocks of `bytes` and more back to the system when they are freed, always.
/// Glibc's module does not show `mallopt` either.
static inline void csimd_return_blocks(int32_t bytes) { mallopt(M_MMAP_THRESHOLD, bytes); }

/// The kernel's number of the calling thread.
static inline int32_t csimd_thread_id(void) { return (int32_t)syscall(SYS_gettid); }

/// Whether `thread` is (still) a thread of this process.
static inline int csimd_thread_exists(int32_t thread) {
  return syscall(SYS_tgkill, (long)getpid(), (long)thread, 0L) == 0;
}

/// Copies the affinity mask of a thread (0: the caller) into `mask`. Returns the bytes that the
/// kernel wrote, or -errno; EINVAL means that the machine has more CPUs than the mask has bits.
static inline long csimd_get_affinity(int32_t thread, uint8_t *mask, size_t bytes) {
  long written = syscall(SYS_sched_getaffinity, (long)thread, bytes, mask);
  return written < 0 ? -(long)errno : written;
}

/// Sets the affinity mask of a thread (0: the caller). Returns 0 or an errno value.
static inline int csimd_set_affinity(int32_t thread, const uint8_t *mask, size_t bytes) {
  return syscall(SYS_sched_setaffinity, (long)thread, bytes, mask) == 0 ? 0 : errno;
}
