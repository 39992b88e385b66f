#!/usr/bin/env bash
# Measures steps of training beside PyTorch, one after the other in turns.
#
#   training.sh [turns]
set -euo pipefail
cd "$(dirname "$0")/../.."

python=$(Benchmarks/compare/venv.sh)
swift build -c release --package-path Benchmarks --product training-benchmark
own=Benchmarks/.build/release/training-benchmark
peer=("$python" Benchmarks/compare/measure_training.py)
for _ in $(seq "${1:-3}"); do
  "${peer[@]}" fast 1 bfloat16 30
  "$own" --preset fast --precision bfloat16 --threads 1 --steps 60
  "$own" --preset fast --threads 1 --steps 60
  "${peer[@]}" fast 2 bfloat16 30
  "$own" --preset fast --precision bfloat16 --threads 2 --steps 100
  "$own" --preset fast --threads 2 --steps 100
  "${peer[@]}" paper 2 float32 3
  "$own" --preset paper --threads 2 --steps 4
done
