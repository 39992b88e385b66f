#pragma once
#include <stddef.h>
#include <stdint.h>

/// libFuzzer's driver; linked in by -sanitize=fuzzer.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*feed)(const uint8_t *bytes, size_t count));
