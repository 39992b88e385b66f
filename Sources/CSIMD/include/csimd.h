// What Swift has no spelling for, split by subject. Everything is `static inline`: Clang compiles it
// inside the importing Swift module, with that module's code generation flags, and no call remains.
#pragma once

#include "csimd_cpu.h"
#include "csimd_threads.h"
#include "csimd_vector.h"
#include "temporaries.h"
