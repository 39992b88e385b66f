#!/usr/bin/env bash
# Makes the pages of the Swift library with DocC from the built modules; a name that is not there is
# an error.
set -euo pipefail
cd "$(dirname "$0")/.."

toolchain=$(dirname "$(readlink -f "$(command -v swift)")")
pages=.build/documentation
rm -rf "$pages"
mkdir -p "$pages/graphs"
modules=()
# Those of the targets in C are made by the build, those of system libraries lie with the sources.
for map in .build/release/C*.build/module.modulemap Sources/C*/module.modulemap; do
  modules+=(-Xcc "-fmodule-map-file=$PWD/$map")
done
"$toolchain/swift-symbolgraph-extract" -module-name SuperResolution -I .build/release/Modules \
  "${modules[@]}" -minimum-access-level public -output-dir "$pages/graphs" \
  -target "$(swiftc -print-target-info | sed -n 's/.*"triple": "\(.*\)".*/\1/p')"
"$toolchain/docc" convert Sources/SuperResolution/SuperResolution.docc --warnings-as-errors \
  --additional-symbol-graph-dir "$pages/graphs" --output-path "$pages/SuperResolution.doccarchive"
echo "documentation: $pages/SuperResolution.doccarchive"
