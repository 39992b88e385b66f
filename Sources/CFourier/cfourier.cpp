#include "cfourier.h"

#include <kissfft/kissfft.hh>
#include <new>

struct cfourier_plan {
  kissfft<double> transform;
};

cfourier_plan *cfourier_create(size_t length, int inverse) {
  try {
    return new cfourier_plan{kissfft<double>(length, inverse != 0)};
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

void cfourier_destroy(cfourier_plan *plan) { delete plan; }

void cfourier_transform(const cfourier_plan *plan, const double *input, double *output) {
  // The standard lays std::complex<double> out as such pairs.
  plan->transform.transform(reinterpret_cast<const std::complex<double> *>(input),
                            reinterpret_cast<std::complex<double> *>(output));
}
