#!/usr/bin/env bash
# Builds the product and checks it from outside: instructions per module, the Arm objects,
# independent readers, SciPy's operators and scikit-image's metrics, the protocol over scales on the
# sample, the BIDS validator, the commands of README and tutorials, what Packaging/ says of the command
# line, the sample package and the pages of the Swift library, the site, each fuzzer for some seconds. Then
# builds with tests enabled and runs all tests; the test runner's summary comes last.
#
# The second build lies in .build/testing: its flags differ from those of the product, and one folder
# for both would compile everything again at each change between `make demo` and `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/build.sh
# The Arm check disassembles with the toolchain's own tool where the system has none.
PATH="$PATH:$(dirname "$(readlink -f "$(command -v swift)")")"
Scripts/check-isa.sh
Scripts/check-arm64.sh
python=$(Scripts/venv.sh)
"$python" Scripts/interoperability.py --arssr .build/release/arssr
"$python" Scripts/degradation-peers.py --arssr .build/release/arssr
"$python" Scripts/metrics-peers.py --arssr .build/release/arssr
Scripts/reproduce-check.sh .build/release/arssr
"$python" Scripts/training-logs.py --arssr .build/release/arssr
"$python" Scripts/bids-validation.py --arssr .build/release/arssr
"$python" Scripts/document-commands.py --arssr .build/release/arssr
"$python" -B Scripts/descriptions-check.py --arssr .build/release/arssr
Scripts/examples.sh
Scripts/documentation.sh
Scripts/site.sh
FUZZ_SECONDS=5 Scripts/fuzz.sh
swift test -c release --scratch-path .build/testing -Xswiftc -enable-testing \
  --explicit-target-dependency-import-check error "$@"
