#!/bin/sh
# Compiles the kernels for 64-bit Arm on any machine and looks at their inner loops.
#
# The Linux toolchain carries no arm64 Linux standard library, but it has the Embedded Swift one for
# aarch64-none-none-elf, which is enough for code without Foundation, classes and printing. So the
# same sources become real arm64 objects. Fails when they do not compile, when no inner loop with a
# full register tile is found, or when such a loop keeps a vector on the stack.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

disassembler=
for candidate in llvm-objdump llvm-objdump-19 llvm-objdump-17 llvm-objdump-14; do
  if command -v "$candidate" >/dev/null; then
    disassembler=$candidate
    break
  fi
done
[ -n "$disassembler" ] || { echo "llvm-objdump is needed (Debian: llvm)" >&2; exit 2; }

# Only the headers without system headers behind them: a bare target has none.
cat >"$work/module.modulemap" <<EOF
module CSIMD {
  header "$root/Sources/CSIMD/include/csimd_cpu.h"
  header "$root/Sources/CSIMD/include/csimd_vector.h"
  export *
}
EOF

compile() {
  swiftc -target aarch64-none-none-elf -enable-experimental-feature Embedded -wmo -Ounchecked \
    -parse-as-library -swift-version 6 -warnings-as-errors -I "$work" -Xcc -ffreestanding "$@"
}
# shellcheck disable=SC2046  # one word per source
compile -emit-module -module-name KernelInterface \
  -emit-module-path "$work/KernelInterface.swiftmodule" \
  $(find "$root/Sources/KernelInterface" -name '*.swift')
# shellcheck disable=SC2046
compile -emit-object -D ISA_NEON -module-name KernelsNEON -o "$work/neon.o" \
  $(find "$root/Sources/SIMDKernels/Kernels" -name '*.swift')

# An inner loop is a backward branch over at most 200 instructions; a full tile has 24 sums, and a
# chunk does four steps at once.
"$disassembler" -d --no-show-raw-insn "$work/neon.o" | awk '
  /^[0-9a-f]+ </ { name = $2; next }
  {
    count++
    address = $1
    sub(":", "", address)
    place[name address] = count
    operation[count] = $2
    line[count] = $0
  }
  $2 ~ /^(b|b\..*|cbn?z|tbn?z)$/ && match($0, /0x[0-9a-f]+/) {
    first = place[name substr($0, RSTART + 2, RLENGTH - 2)]
    if (first == 0 || count - first > 200) next
    products = 0
    spills = 0
    for (i = first; i <= count; i++) {
      if (operation[i] == "fmla") products++
      if (line[i] ~ /\tq[0-9]+, .*\[(sp|x29)/) spills++
    }
    if (products < 24) next
    loops++
    if (spills > 0) bad++
    printf "%d instructions, %d fmla, %d vectors on the stack: %s\n", count - first + 1, products, spills, name
  }
  END {
    printf "%d inner loops, %d with vectors on the stack\n", loops, bad
    exit loops == 0 || bad > 0
  }'
