#!/usr/bin/env bash
# Makes the tests' own virtual environment, .venv, and prints its Python.
#
# Does nothing, and needs no network, when it has what Tests/requirements.txt asks for.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.venv/requirements.txt
if ! cmp -s Tests/requirements.txt "$stamp"; then
  python3 -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/requirements.txt >&2
  cp Tests/requirements.txt "$stamp"
fi
echo "$PWD/.venv/bin/python"
