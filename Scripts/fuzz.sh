#!/usr/bin/env bash
# Fuzzes every reader: NIfTI, gzip, safetensors, PyTorch containers, Caffe and chainer models, filters in NumPy arrays.
#
#   [FUZZ_SECONDS=600] [FUZZ_KEEP=1] fuzz.sh [target...]
#
# Seeds are the golden and fault files, and what earlier runs found new (Fuzz/Corpus). With FUZZ_KEEP
# this run's inputs that reach new code are added there. A finding is written to Fuzz/findings and ends the run with its status.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${FUZZ_SECONDS:-600}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(FuzzNIfTI FuzzGzip FuzzSafetensors FuzzPickle FuzzCaffe FuzzChainer
  FuzzNumPy)

seeds() {
  case $1 in
  FuzzNIfTI) find Tests/Golden/volumes Tests/Faults/nifti -name '*.nii' -size -16k ;;
  FuzzGzip) find Tests/Golden/volumes Tests/Faults/gzip -name '*.gz' -size -16k ;;
  FuzzSafetensors) find Tests/Golden Tests/Faults/safetensors -name '*.safetensors' -size -64k ;;
  FuzzCaffe) find Tests/Golden/sisr -name '*.caffemodel' -size -64k ;;
  FuzzChainer) find Tests/Golden/espcn -name '*.npz' -size -64k ;;
  FuzzNumPy) find Tests/Golden/filters/arrays -type f -size -64k ;;
  FuzzPickle) find Tests/Golden Tests/Faults/torch \( -name '*.p*' ! -name '*.py' \) -size -64k ;;
  esac
}

# Adds to the corpus what this run found beyond the seeds; libFuzzer names its inputs by SHA-1.
keep() {
  cp "Fuzz/Corpus/$1"/* "$2/seeds" 2>/dev/null || true
  "Fuzz/.build/release/$1" -merge=1 "$2/seeds" "$2/new" 2>/dev/null
  find "$2/seeds" -regextype sed -regex '.*/[0-9a-f]\{40\}' -size -17k -exec cp -t "Fuzz/Corpus/$1" {} +
}

# WORKAROUND: gold of binutils 2.40 ends with an internal error on these objects; lld links them.
swift build --package-path Fuzz -c release -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p Fuzz/findings
# The Swift backtracer and AddressSanitizer get into each other's way.
export SWIFT_BACKTRACE=enable=no
for target in "${targets[@]}"; do
  mkdir -p "$scratch/$target/new" "$scratch/$target/seeds" "Fuzz/Corpus/$target"
  seeds "$target" | while read -r file; do
    cp "$file" "$scratch/$target/seeds/$(echo "$file" | tr / _)"
  done
  log=$scratch/$target/log
  if ! timeout -s KILL $((seconds + 120)) "Fuzz/.build/release/$target" \
    -max_total_time="$seconds" -timeout=2 -rss_limit_mb=1024 -malloc_limit_mb=256 \
    -artifact_prefix="Fuzz/findings/$target-" -print_final_stats=1 \
    "$scratch/$target/new" "Fuzz/Corpus/$target" "$scratch/$target/seeds" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "fuzz: $target: a finding; its input lies in Fuzz/findings" >&2
    exit 1
  fi
  printf 'fuzz: %s: %s runs in %s s, coverage %s: no finding\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$seconds" \
    "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)"
  if [ -n "${FUZZ_KEEP:-}" ]; then
    keep "$target" "$scratch/$target"
  fi
done
