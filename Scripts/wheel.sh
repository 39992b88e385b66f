#!/usr/bin/env bash
# Makes the Python wheel in .build/packages and prints its path.
#
# The library has the Swift runtime inside; auditwheel puts the other libraries beside it and names
# the oldest system that the result runs on.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(Scripts/source-date.sh)}

python=$(Scripts/venv.sh Python/requirements-build.txt .venv-wheel)
tree=.build/packages/wheel
rm -rf "$tree"
mkdir -p "$tree"
cp -r Python/arssr Python/README.md Python/pyproject.toml Python/setup.py LICENSE NOTICE "$tree"
rm -rf "$tree/arssr/__pycache__"
Scripts/static-product.sh CInterface "$tree/arssr/libarssr.so" Packaging/library.map
sed -n 's/.*static let version = "\(.*\)"/\1/p' Sources/SuperResolution/Release.swift > "$tree/VERSION"
install -Dm644 -t "$tree/arssr/models" Models/brain-t1w.safetensors \
  Models/brain-t1w-lite.safetensors Models/srrecnn3d-10l.safetensors Models/*.txt Models/README.md
# The licences of what is inside the library, and of the libraries that auditwheel puts beside it.
mkdir -p "$tree/licences"
Scripts/copyright.sh > "$tree/licences/arssr.txt"
for library in libhwloc15 libisal2 libssl3 libudev1; do
  [ ! -e "/usr/share/doc/$library/copyright" ] ||
    install -Dm644 "/usr/share/doc/$library/copyright" "$tree/licences/$library.txt"
done

(cd "$tree" && "$python" -m pip wheel --quiet --disable-pip-version-check --no-deps \
  --no-build-isolation --wheel-dir plain .) >&2
PATH=$(dirname "$python"):$PATH "$python" -m auditwheel repair --wheel-dir "$tree/repaired" \
  "$tree"/plain/*.whl >&2
rm -f .build/packages/*.whl
cp "$tree"/repaired/*.whl .build/packages
echo .build/packages/*.whl
