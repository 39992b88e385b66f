#!/usr/bin/env bash
# Installs the wheel in an empty environment and runs the Python tests there, beside the command.
#
#   python-test.sh ARSSR [arguments of pytest]
set -euo pipefail
cd "$(dirname "$0")/.."

arssr=$(realpath "$1")
shift
wheel=$(Scripts/wheel.sh)
folder=.build/packages/python
rm -rf "$folder"
python3 -m venv "$folder"
python=$PWD/$folder/bin/python
"$python" -m pip install --quiet --disable-pip-version-check -r Python/requirements-test.txt "$wheel"
# Outside of Python/, so that the installed package is the one that is imported.
cd "$folder"
"$python" -m mypy --config-file ../../../Python/pyproject.toml -p arssr
"$python" -m mypy --strict ../../../Python/tests/typed_use.py
ARSSR=$arssr ARSSR_REPOSITORY=$OLDPWD "$python" -m pytest -q -p no:cacheprovider "$OLDPWD/Python/tests" "$@"
