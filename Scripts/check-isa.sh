#!/bin/sh
# Proves that wide instructions stay in the modules that are chosen at run time. After
# `swift build -c release`:
#
#     Scripts/check-isa.sh [build folder, .build/release by default]
#
# Fails when a module other than the wide kernel variants, or a function of a finished program that
# does not belong to one of them, contains AVX code; when the AVX2 variant contains AVX-512 code or
# the AVX-512 variant bfloat16 code; and when a wide variant emits a weak function without its own
# name in it: the linker keeps one copy of those for the whole program, and that could be the wide one.
set -eu
cd "$(dirname "$0")/.."
build=${1:-.build/release}
[ -d "$build" ] || { echo "$build: no such folder; run swift build -c release first" >&2; exit 2; }

variants="KernelsAVX2 KernelsAVX512 KernelsAVX512BF16"
failures=0
fail() {
  echo "  FAILED: $*"
  failures=$((failures + 1))
}

# Counts instructions of the objects given: zmm, ymm, VEX or EVEX on xmm, bfloat16.
count_instructions() {
  objdump -d --no-show-raw-insn "$@" 2>/dev/null | awk '
    /%zmm/ { zmm++ }
    /%ymm/ { ymm++ }
    /[ \t]v[a-z0-9]+ .*%xmm/ { xmm++ }
    /vdpbf16ps|vcvtne/ { bf16++ }
    END { print zmm + 0, ymm + 0, xmm + 0, bf16 + 0 }'
}

modules=0
for folder in "$build"/*.build; do
  module=$(basename "$folder" .build)
  objects=$(find "$folder" -name '*.o')
  [ -n "$objects" ] || continue
  modules=$((modules + 1))
  # shellcheck disable=SC2086  # one word per object
  set -- $(count_instructions $objects)
  zmm=$1 ymm=$2 xmm=$3 bf16=$4
  case " $variants " in
  *" $module "*) echo "$module: zmm $zmm, ymm $ymm, VEX xmm $xmm, bf16 $bf16" ;;
  *)
    [ $((zmm + ymm + xmm + bf16)) -eq 0 ] ||
      fail "$module is baseline code, but has zmm $zmm, ymm $ymm, VEX xmm $xmm, bf16 $bf16"
    continue
    ;;
  esac
  case $module in
  KernelsAVX2) [ "$ymm" -gt 0 ] && [ $((zmm + bf16)) -eq 0 ] || fail "$module is not AVX2 code" ;;
  KernelsAVX512) [ "$zmm" -gt 0 ] && [ "$bf16" -eq 0 ] || fail "$module is not AVX-512 code" ;;
  *) [ "$zmm" -gt 0 ] || fail "$module is not AVX-512 code" ;;
  esac
  # shellcheck disable=SC2086
  shared=$(nm $objects | awk -v name="${#module}$module" '
    $2 == "W" && index($3, name) == 0 { print $3 }')
  [ -z "$shared" ] || fail "$module emits weak functions that any module may share: $shared"
done
[ "$modules" -gt 0 ] || { echo "$build: no compiled modules" >&2; exit 2; }

programs=0
for program in "$build"/*; do
  [ -f "$program" ] && [ -x "$program" ] || continue
  case $program in *.so | *.build | *-tool | *.xctest) continue ;; esac
  objdump -f "$program" >/dev/null 2>&1 || continue
  programs=$((programs + 1))
  stray=$(objdump -d --no-show-raw-insn "$program" | awk '
    /^[0-9a-f]+ </ { name = $2 }
    (/%zmm|%ymm/ || /[ \t]v[a-z0-9]+ .*%xmm/) && name !~ /KernelsAVX/ { found[name] = 1 }
    END { for (name in found) print name }')
  [ -z "$stray" ] || fail "$(basename "$program") has AVX code outside the variants: $stray"
done

echo "$modules modules, $programs programs, $failures failures"
[ "$failures" -eq 0 ]
