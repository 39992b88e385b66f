// Single instructions without a spelling in Swift.
#pragma once

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define CSIMD_INLINE static inline __attribute__((always_inline))

// Clang's vectors of this kind arrive in Swift as SIMD4<UInt32> and so on; __m512i does not.
typedef uint32_t csimd_words4 __attribute__((ext_vector_type(4)));
typedef uint32_t csimd_words8 __attribute__((ext_vector_type(8)));
typedef uint32_t csimd_words16 __attribute__((ext_vector_type(16)));

// Ask for the cache line at `address`, in L1 or in L2; any address is allowed.

CSIMD_INLINE void csimd_prefetch(const void *_Nonnull address) {
  __builtin_prefetch(address, 0, 3);
}

CSIMD_INLINE void csimd_prefetch_l2(const void *_Nonnull address) {
  __builtin_prefetch(address, 0, 2);
}

// The larger of 0 and each lane; NaN stays NaN. On x86 -0 stays -0.

typedef float csimd_floats4 __attribute__((ext_vector_type(4)));
typedef float csimd_floats8 __attribute__((ext_vector_type(8)));
typedef float csimd_floats16 __attribute__((ext_vector_type(16)));

CSIMD_INLINE csimd_floats4 csimd_rectified4(csimd_floats4 values) {
#if defined(__SSE2__)
  return (csimd_floats4)_mm_max_ps(_mm_setzero_ps(), (__m128)values);
#else
  return __builtin_elementwise_maximum((csimd_floats4)0.0f, values);
#endif
}

#if defined(__AVX2__)
CSIMD_INLINE csimd_floats8 csimd_rectified8(csimd_floats8 values) {
  return (csimd_floats8)_mm256_max_ps(_mm256_setzero_ps(), (__m256)values);
}
#endif

#if defined(__AVX512F__)
CSIMD_INLINE csimd_floats16 csimd_rectified16(csimd_floats16 values) {
  return (csimd_floats16)_mm512_max_ps(_mm512_setzero_ps(), (__m512)values);
}
#endif

// Floats as doubles, doubles as the nearest floats, and square roots of doubles.

typedef float csimd_floats2 __attribute__((ext_vector_type(2)));
typedef double csimd_doubles2 __attribute__((ext_vector_type(2)));
typedef double csimd_doubles4 __attribute__((ext_vector_type(4)));
typedef double csimd_doubles8 __attribute__((ext_vector_type(8)));

CSIMD_INLINE csimd_doubles2 csimd_widened2(csimd_floats2 values) {
  return __builtin_convertvector(values, csimd_doubles2);
}

CSIMD_INLINE csimd_floats2 csimd_narrowed2(csimd_doubles2 values) {
  return __builtin_convertvector(values, csimd_floats2);
}

CSIMD_INLINE csimd_doubles2 csimd_root2(csimd_doubles2 values) {
  return __builtin_elementwise_sqrt(values);
}

#if defined(__AVX2__)
CSIMD_INLINE csimd_doubles4 csimd_widened4(csimd_floats4 values) {
  return __builtin_convertvector(values, csimd_doubles4);
}

CSIMD_INLINE csimd_floats4 csimd_narrowed4(csimd_doubles4 values) {
  return __builtin_convertvector(values, csimd_floats4);
}

CSIMD_INLINE csimd_doubles4 csimd_root4(csimd_doubles4 values) {
  return __builtin_elementwise_sqrt(values);
}
#endif

#if defined(__AVX512F__)
CSIMD_INLINE csimd_doubles8 csimd_widened8(csimd_floats8 values) {
  return __builtin_convertvector(values, csimd_doubles8);
}

CSIMD_INLINE csimd_floats8 csimd_narrowed8(csimd_doubles8 values) {
  return __builtin_convertvector(values, csimd_floats8);
}

CSIMD_INLINE csimd_doubles8 csimd_root8(csimd_doubles8 values) {
  return __builtin_elementwise_sqrt(values);
}
#endif

// Bit l of the result is set where lane l is not zero.

CSIMD_INLINE uint32_t csimd_nonzero4(csimd_words4 words) {
#if defined(__SSE2__)
  __m128i isZero = _mm_cmpeq_epi32((__m128i)words, _mm_setzero_si128());
  return (uint32_t)_mm_movemask_ps((__m128)isZero) ^ 0xfu;
#else
  return (uint32_t)(words.x != 0) | (uint32_t)(words.y != 0) << 1 |
         (uint32_t)(words.z != 0) << 2 | (uint32_t)(words.w != 0) << 3;
#endif
}

#if defined(__AVX2__)
CSIMD_INLINE uint32_t csimd_nonzero8(csimd_words8 words) {
  __m256i isZero = _mm256_cmpeq_epi32((__m256i)words, _mm256_setzero_si256());
  return (uint32_t)_mm256_movemask_ps((__m256)isZero) ^ 0xffu;
}
#endif

#if defined(__AVX512F__)
CSIMD_INLINE uint32_t csimd_nonzero16(csimd_words16 words) {
  return _mm512_test_epi32_mask((__m512i)words, (__m512i)words);
}

// The lanes whose bit is set, moved together to the low end.
CSIMD_INLINE csimd_words16 csimd_compress16(uint32_t mask, csimd_words16 words) {
  return (csimd_words16)_mm512_maskz_compress_epi32((__mmask16)mask, (__m512i)words);
}
#endif

#if defined(__AVX512BF16__)
// sums[l] + the products of both bfloat16 numbers in lane l of the pairs.
CSIMD_INLINE csimd_floats16 csimd_multiply_add_pairs16(csimd_floats16 sums, csimd_floats16 a,
                                                       csimd_floats16 b) {
  return (csimd_floats16)_mm512_dpbf16_ps((__m512)sums, (__m512bh)a, (__m512bh)b);
}

// Neighbours rounded to bfloat16, ties to even, as pairs.
CSIMD_INLINE csimd_words8 csimd_round_pairs16(csimd_floats16 values) {
  return (csimd_words8)_mm512_cvtneps_pbh((__m512)values);
}

// Both vectors rounded to bfloat16, ties to even: the first in the lower half.
CSIMD_INLINE csimd_words16 csimd_round_two16(csimd_floats16 first, csimd_floats16 second) {
  return (csimd_words16)_mm512_cvtne2ps_pbh((__m512)second, (__m512)first);
}

// Pairs of a bfloat16 number of the lower half and that of the upper half.
CSIMD_INLINE csimd_words16 csimd_interleaved16(csimd_words16 halves) {
  const __m512i order = _mm512_set_epi16(
      31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8,
      23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  return (csimd_words16)_mm512_permutexvar_epi16(order, (__m512i)halves);
}
#endif
