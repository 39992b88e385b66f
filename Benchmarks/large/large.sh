#!/usr/bin/env bash
# Runs what is too large for the tests and compares it with what was asked; fails where that is missed.
#
#   large.sh [--reduced] [start] [flat] [limited] [rdn]
set -euo pipefail
cd "$(dirname "$0")/../.."

PYTHONPATH=Scripts python3 Benchmarks/large/large.py --arssr .build/release/arssr "$@"
