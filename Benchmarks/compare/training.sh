#!/usr/bin/env bash
# Measures steps of training beside PyTorch and puts the table for this processor into
# Documentation/Results/train-speed.md.
#
#   training.sh [options of training.py]
set -euo pipefail
cd "$(dirname "$0")/../.."

python=$(Benchmarks/compare/venv.sh)
swift build -c release --package-path Benchmarks --product training-benchmark >&2
section=$(PYTHONPATH=Benchmarks/compare "$python" Benchmarks/compare/training.py \
  --own Benchmarks/.build/release/training-benchmark "$@")
isa=$(grep -o '`[a-z0-9]*`; PyTorch' <<< "$section" | cut -d'`' -f2)
Scripts/result-section.py Documentation/Results/train-speed.md "$isa" <<< "$section"
