#!/usr/bin/env bash
# Measures gradient filters beside numba on this machine and prints a table.
#
#   filters.sh --arssr PROGRAM --volume HR.nii.gz [options of measure_filters.py]
set -euo pipefail
cd "$(dirname "$0")"

if ! cmp -s requirements-filters.txt .venv-filters/requirements.txt; then
  python3 -m venv .venv-filters
  .venv-filters/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-filters.txt >&2
  cp requirements-filters.txt .venv-filters/requirements.txt
fi
python=$PWD/.venv-filters/bin/python
cd - > /dev/null
exec "$python" "$(dirname "$0")/measure_filters.py" "$@"
