#!/usr/bin/env bash
# Measures one workload of arssr beside PyTorch, ONNX Runtime and OpenVINO; writes its section of
# Benchmarks/RESULTS.md and Benchmarks/results/<workload>.json. Goes on where it was stopped.
#
#   peers.sh <workload> [options of python -m peers]
set -euo pipefail
cd "$(dirname "$0")/../.."

python=$(Benchmarks/compare/venv.sh)
swift build -c release --package-path Benchmarks --product kernel-benchmark
workload=$1
shift
PYTHONPATH=Benchmarks/compare:Scripts "$python" -m peers "$workload" --arssr .build/release/arssr \
  --peak Benchmarks/.build/release/kernel-benchmark "$@"
