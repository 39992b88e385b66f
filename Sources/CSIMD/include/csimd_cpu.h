// Which instruction sets the processor *and* the operating system offer.
#pragma once

#include <stdbool.h>

// The three functions ask for everything that `-march=x86-64-v2`, `-v3` and `-v4` let the compiler
// use. `__builtin_cpu_supports` looks at CPUID and, for the wide registers, at XGETBV: a processor
// whose operating system does not save them does not count.

static inline bool csimd_cpu_has_sse42(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse3") && __builtin_cpu_supports("ssse3") &&
         __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("sse4.2") &&
         __builtin_cpu_supports("popcnt");
#else
  return false;
#endif
}

static inline bool csimd_cpu_has_avx2(void) {
#if defined(__x86_64__)
  return csimd_cpu_has_sse42() && __builtin_cpu_supports("avx") &&
         __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
         __builtin_cpu_supports("f16c") && __builtin_cpu_supports("lzcnt") &&
         __builtin_cpu_supports("movbe");
#else
  return false;
#endif
}

static inline bool csimd_cpu_has_avx512(void) {
#if defined(__x86_64__)
  return csimd_cpu_has_avx2() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

static inline bool csimd_cpu_has_avx512bf16(void) {
#if defined(__x86_64__)
  return csimd_cpu_has_avx512() && __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}
