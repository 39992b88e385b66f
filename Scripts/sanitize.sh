#!/usr/bin/env bash
# Runs the tests under AddressSanitizer, except those that limit or measure the memory of a process:
# the sanitizer's own shadow memory would break them.
set -euo pipefail
cd "$(dirname "$0")/.."

flags=(-c release --scratch-path .build/sanitized --sanitize=address -Xswiftc -enable-testing)
swift build --build-tests "${flags[@]}"
# Weights and topologies live as long as the program: leaks are not looked for. The Swift backtracer
# and AddressSanitizer get into each other's way.
export ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no
swift test --skip-build "${flags[@]}" --skip MemoryModelTests --skip SystemLimitTests
