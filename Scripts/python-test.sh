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
repository=$PWD
# Outside of Python/, so that the installed package is the one that is imported.
cd "$folder"
"$python" -m mypy --config-file "$repository/Python/pyproject.toml" -p arssr
"$python" -m mypy --strict "$repository/Python/tests/typed_use.py"
ARSSR=$arssr ARSSR_REPOSITORY=$repository "$python" -m pytest -q -p no:cacheprovider \
  "$repository/Python/tests" "$@" | tee pytest.log
cd "$repository"
[ $# -eq 0 ] || exit 0

library=$(find "$folder/lib" -name libarssr.so)
python3 Scripts/result-section.py Documentation/Results/packages.md 'Python wheel' <<EOF
\`make python-test\` on $(. /etc/os-release && echo "$PRETTY_NAME"), $("$python" --version), $(date -u +%F).

| what | result |
| --- | --- |
| wheel | \`$(basename "$wheel")\`, $(stat -c %s "$wheel") bytes; the tag is what auditwheel measured |
| library | $(stat -c %s "$library") bytes, Swift runtime inside, $(nm -D --defined-only "$library" | grep -c " T arssr_") functions |
| installed in an empty environment | $(tail -n 1 "$folder/pytest.log" | sed 's/ in .*//'); values are those of the command for every option, the examples of the documents run |
| mypy --strict | no finding |
EOF
