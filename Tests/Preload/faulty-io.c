// Makes file operations go wrong, for tests: LD_PRELOAD this library and say by environment
//
//   FAULT_CALL   write | fsync | close | rename: the call that fails
//   FAULT_ERRNO  the errno value it fails with
//   FAULT_AFTER  how many calls pass before (default 0)
//   FAULT_SHORT  if set: write takes 7 bytes at a time, and every third call is interrupted
//   FAULT_SHRINK path of a file that is cut to 400 bytes after the first read from it
//
// Only descriptors of regular files are concerned, so that messages still get out.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define NEXT(type, name, ...) \
  static type (*next)(__VA_ARGS__); \
  if (!next) next = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int is_regular(int descriptor) {
  struct stat status;
  int kept = errno;
  int regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  errno = kept;
  return regular;
}

static int must_fail(const char *call) {
  static atomic_int passed;
  const char *wanted = getenv("FAULT_CALL");
  if (!wanted || strcmp(wanted, call) != 0) return 0;
  const char *after = getenv("FAULT_AFTER");
  if (atomic_fetch_add(&passed, 1) < (after ? atoi(after) : 0)) return 0;
  const char *error = getenv("FAULT_ERRNO");
  errno = error ? atoi(error) : EIO;
  return 1;
}

// Returns 1 if this call shall be interrupted, else shortens the count.
static int is_interrupted(size_t *count) {
  static atomic_int calls;
  if (!getenv("FAULT_SHORT")) return 0;
  if (atomic_fetch_add(&calls, 1) % 3 == 2) {
    errno = EINTR;
    return 1;
  }
  if (*count > 7) *count = 7;
  return 0;
}

static void shrink_after_reading(int descriptor) {
  const char *path = getenv("FAULT_SHRINK");
  struct stat open_file, named_file;
  if (!path || fstat(descriptor, &open_file) != 0 || stat(path, &named_file) != 0) return;
  if (open_file.st_ino != named_file.st_ino || open_file.st_dev != named_file.st_dev) return;
  int kept = errno;
  if (truncate(path, 400) != 0) perror("faulty-io: truncate");
  errno = kept;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  NEXT(ssize_t, "write", int, const void *, size_t);
  if (is_regular(descriptor) && (must_fail("write") || is_interrupted(&count))) return -1;
  return next(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  NEXT(ssize_t, "pwrite", int, const void *, size_t, off_t);
  if (is_regular(descriptor) && (must_fail("write") || is_interrupted(&count))) return -1;
  return next(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
  return pwrite(descriptor, bytes, count, offset);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
  NEXT(ssize_t, "read", int, void *, size_t);
  ssize_t got = next(descriptor, bytes, count);
  shrink_after_reading(descriptor);
  return got;
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
  NEXT(ssize_t, "pread", int, void *, size_t, off_t);
  ssize_t got = next(descriptor, bytes, count, offset);
  shrink_after_reading(descriptor);
  return got;
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off_t offset) {
  return pread(descriptor, bytes, count, offset);
}

int fsync(int descriptor) {
  NEXT(int, "fsync", int);
  return must_fail("fsync") ? -1 : next(descriptor);
}

int fdatasync(int descriptor) {
  NEXT(int, "fdatasync", int);
  return must_fail("fsync") ? -1 : next(descriptor);
}

int close(int descriptor) {
  NEXT(int, "close", int);
  int fails = is_regular(descriptor) && must_fail("close");
  int error = errno;
  int result = next(descriptor);
  if (!fails) return result;
  errno = error;
  return -1;
}

int rename(const char *from, const char *to) {
  NEXT(int, "rename", const char *, const char *);
  return must_fail("rename") ? -1 : next(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  NEXT(int, "renameat", int, const char *, int, const char *);
  return must_fail("rename") ? -1 : next(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  NEXT(int, "renameat2", int, const char *, int, const char *, unsigned);
  return must_fail("rename") ? -1 : next(from_folder, from, to_folder, to, flags);
}
