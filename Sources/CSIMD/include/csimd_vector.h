// Single instructions without a spelling in Swift.
#pragma once

// Ask for the cache line at `address`, in L1 or in L2; any address is allowed.

static inline __attribute__((always_inline)) void csimd_prefetch(const void *_Nonnull address) {
  __builtin_prefetch(address, 0, 3);
}

static inline __attribute__((always_inline)) void csimd_prefetch_l2(const void *_Nonnull address) {
  __builtin_prefetch(address, 0, 2);
}
