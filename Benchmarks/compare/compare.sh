#!/usr/bin/env bash
# Measures arssr beside PyTorch on this machine and writes Documentation/Results/compare.md.
#
#   compare.sh [options of compare.py]
#
# PyTorch lives in a virtual environment of its own, Benchmarks/compare/.venv.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=Benchmarks/compare
if ! cmp -s "$here/requirements.txt" "$here/.venv/requirements.txt"; then
  python3 -m venv "$here/.venv"
  "$here/.venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$here/.venv/requirements.txt"
fi
swift build -c release --package-path Benchmarks --product kernel-benchmark
"$here/.venv/bin/python" "$here/compare.py" --arssr .build/release/arssr \
  --peak Benchmarks/.build/release/kernel-benchmark "$@"
