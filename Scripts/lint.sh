#!/usr/bin/env bash
# Checks the form of all sources: swift-format's rules, and the syntax of scripts.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --recursive Sources Tests Package.swift Benchmarks/Sources \
  Benchmarks/Package.swift Fuzz/Sources Fuzz/Package.swift Examples
for script in Scripts/*.sh Benchmarks/*/*.sh Examples/*/*.sh .ci/run; do
  bash -n "$script"
done
git ls-files -z '*.py' | python3 -c '
import ast, sys
for path in sys.stdin.read().split("\0")[:-1]:
    with open(path, encoding="utf-8") as file:
        ast.parse(file.read(), path)
'
echo 'lint: no findings'
