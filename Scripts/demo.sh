#!/usr/bin/env bash
# Upsamples the sample volume by cubic interpolation and by the default model, prints the times and
# the scores against the held-back truth, and draws all four in demo-output/demo.png.
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/build.sh
build=.build/release
input=Samples/sub-37_T1w_lr.nii.gz
truth=Samples/sub-37_T1w_truth.nii.gz
out=demo-output
mkdir -p "$out"

# The sample was blurred to its voxel size before sampling, which --psf 1 tells the model.
upsample() {
  local name=$1 start end
  shift
  start=$(date +%s%N)
  "$build/arssr" upsample --quiet --force --scale 2 "$@" "$input" "$out/$name.nii.gz"
  end=$(date +%s%N)
  printf '%-6s %d.%02d s\n' "$name" $(((end - start) / 1000000000)) $(((end - start) / 10000000 % 100))
}

upsample cubic --method cubic
upsample arssr --psf 1
"$build/demo" "$input" "$out/cubic.nii.gz" "$out/arssr.nii.gz" "$truth" "$out/demo.png"
