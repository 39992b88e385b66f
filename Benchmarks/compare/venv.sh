#!/usr/bin/env bash
# Makes the virtual environment of the comparisons, Benchmarks/compare/.venv, and prints its Python.
#
# Does nothing, and needs no network, when it has what requirements.txt asks for.
set -euo pipefail
cd "$(dirname "$0")"

if ! cmp -s requirements.txt .venv/requirements.txt; then
  python3 -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt >&2
  cp requirements.txt .venv/requirements.txt
fi
echo "$PWD/.venv/bin/python"
