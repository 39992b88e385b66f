// Complex Fourier transforms of any length in double precision, by KISS FFT (BSD-3-Clause), whose
// C++ header is all that is used of it.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A length and a direction with their tables. One thread at a time may use it.
typedef struct cfourier_plan cfourier_plan;

/// Prepares transforms of `length` numbers, 1 or more; `inverse` not 0: exp(+2 pi i jk/n).
/// Returns NULL where there is no memory.
cfourier_plan *cfourier_create(size_t length, int inverse);

/// Frees a plan.
void cfourier_destroy(cfourier_plan *plan);

/// Transforms `input` into `output`, both pairs of real and imaginary part and not the same memory.
/// Nothing is divided by the length.
void cfourier_transform(const cfourier_plan *plan, const double *input, double *output);

#ifdef __cplusplus
}
#endif
