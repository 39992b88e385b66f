#!/usr/bin/env bash
# Measures arssr beside PyTorch on this machine and writes Documentation/Results/compare.md.
#
#   compare.sh [options of compare.py]
set -euo pipefail
cd "$(dirname "$0")/../.."

python=$(Benchmarks/compare/venv.sh)
swift build -c release --package-path Benchmarks --product kernel-benchmark
PYTHONPATH=Scripts "$python" Benchmarks/compare/compare.py --arssr .build/release/arssr \
  --peak Benchmarks/.build/release/kernel-benchmark "$@"
