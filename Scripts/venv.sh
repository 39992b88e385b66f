#!/usr/bin/env bash
# Makes a virtual environment of the tests and prints its Python.
#
#   venv.sh [REQUIREMENTS FOLDER]     by default Tests/requirements.txt and .venv
#
# Does nothing, and needs no network, when the folder has what the file asks for.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=${1:-Tests/requirements.txt} folder=${2:-.venv}
stamp=$folder/requirements.txt
if ! cmp -s "$requirements" "$stamp"; then
  python3 -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" >&2
  cp "$requirements" "$stamp"
fi
echo "$PWD/$folder/bin/python"
