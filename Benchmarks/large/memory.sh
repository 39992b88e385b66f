#!/usr/bin/env bash
# Measures the peak memory of whole runs beside the prediction; writes Documentation/Results/memory.md.
#
#   memory.sh [--brain masked.nii]
set -euo pipefail
cd "$(dirname "$0")/../.."

PYTHONPATH=Scripts python3 Benchmarks/large/memory.py --arssr .build/release/arssr \
  --output Documentation/Results/memory.md "$@"
