#!/usr/bin/env bash
# Builds a product with the Swift runtime inside it, stripped and without paths of this machine.
#
#   static-product.sh PRODUCT DESTINATION             a program
#   static-product.sh PRODUCT DESTINATION MAP         a dynamic library; MAP says which names it shows
#
# The objects lie in .build/package, for all products.
set -euo pipefail
cd "$(dirname "$0")/.."

product=$1 destination=$2 map=${3:-}
mkdir -p "$(dirname "$destination")"
build() {
  swift build -c release --product "$product" --static-swift-stdlib --disable-local-rpath \
    --scratch-path .build/package --explicit-target-dependency-import-check error \
    -Xswiftc -file-prefix-map -Xswiftc "$PWD=arssr" -Xcc "-ffile-prefix-map=$PWD=arssr" "$@" >&2
}
if [ -z "$map" ]; then
  build
  cp ".build/package/release/$product" "$destination"
else
  # WORKAROUND: SwiftPM 6.3 leaves --static-swift-stdlib out when it links a dynamic library. Its own link
  # (the objects ask for libraries of the static runtime) goes beside, and ours is made of its objects.
  runtime=$(swiftc -print-target-info -static-stdlib |
    sed -n 's/^ *"\(.*swift_static[^"]*\)".*/\1/p' | head -n 1)
  build -Xlinker "-L$runtime"
  objects=$(find .build/package -path "*/release/$product.product/Objects.LinkFileList")
  # shellcheck disable=SC2046
  swiftc -emit-library -static-stdlib -o "$destination" "@$objects" \
    $(pkg-config --libs hwloc zlib libcrypto $(pkg-config --exists libisal && echo libisal)) \
    -Xlinker --gc-sections -Xlinker --as-needed -Xlinker "--version-script=$map" \
    -Xlinker -soname="$(basename "$destination")" >&2
fi
strip --strip-unneeded --remove-section=.comment --remove-section=.swift1_autolink_entries \
  "$destination"
chmod 755 "$destination"
