#!/usr/bin/env bash
# Measures SRReCNN3D beside PyTorch on this machine and writes Documentation/Results/related-speed.md.
#
#   related.sh [options of related.py]
set -euo pipefail
cd "$(dirname "$0")/../.."

python=$(Benchmarks/compare/venv.sh)
PYTHONPATH=Scripts "$python" Benchmarks/compare/related.py --arssr .build/release/arssr "$@"
