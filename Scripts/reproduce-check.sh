#!/usr/bin/env bash
# Runs the protocol over scales on the sample, two scales of every operator, and once more: the second run
# must find all that the first one scored and write the same page.
#
#   reproduce-check.sh PATH-OF-ARSSR
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
protocol() {
  Benchmarks/reproduce/reproduce.py --arssr "$1" --volumes Samples/sub-37_T1w_truth.nii.gz --scales 2,2.5 \
    --model interim --model SRReCNN3D=srrecnn3d-10l@blurred@2 --work "$folder/work" --output "$folder/out"
}
protocol "$1" >"$folder/first"
cp "$folder/out/README.md" "$folder/page"
protocol "$1" >"$folder/second"
cmp "$folder/page" "$folder/out/README.md"
[ "$(grep -c 'was there' "$folder/second")" -eq 5 ] || { cat "$folder/second"; exit 1; }
echo "protocol over scales: 5 cases scored once, found again"
