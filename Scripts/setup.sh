#!/usr/bin/env bash
# Makes sure that Swift and the system libraries are there.
#
#   setup.sh [--tests] [--packages] [--browser] [--mpi] [--cluster] [--pipes] [--container]
#
#   --tests     also what the tests and scripts need
#   --packages  also what makes and checks packages
#   --browser   also a browser without a window
#   --mpi       also Open MPI
#   --cluster   also a batch system
#   --pipes     also MRtrix3
#   --container also what builds container images
#
# Does nothing, and needs no network, when nothing is missing.
set -euo pipefail

packages=(
  libnifti2-dev   # NIfTI header layouts
  libhwloc-dev    # cores, NUMA nodes, caches
  zlib1g-dev      # gzip
  libisal-dev     # gzip, faster
  libssl-dev      # SHA-256
  libcairo2       # pictures
  libkissfft-dev  # Fourier transforms of any length
  pkg-config
)

need() { printf 'arssr setup: %s\n' "$1" >&2; exit 1; }

# The folder that the real swift lies in, beside its clang and llvm tools.
toolchain() { dirname "$(readlink -f "$(command -v swift)")"; }

check_swift() {
  local told version
  command -v swift >/dev/null ||
    need 'Swift is missing; install Swift 6.2 or newer (6.3 is tested) from https://www.swift.org/install/linux/'
  told=$(swift --version 2>&1) || true
  version=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<< "$told" | head -n 1)
  [ -n "$version" ] || need "Swift does not run: ${told%%$'\n'*}; see https://www.swift.org/install/linux/"
  if [ "${version%%.*}" -lt 6 ] || { [ "${version%%.*}" -eq 6 ] && [ "${version#*.}" -lt 2 ]; }; then
    need "Swift $version is too old; install Swift 6.2 or newer from https://www.swift.org/install/linux/"
  fi
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ||
    { [ "$1" = pkg-config ] && command -v pkg-config >/dev/null; }
}

install_packages() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || need "these packages are missing, and there is no sudo: $*"
    as_root=(sudo)
  fi
  printf 'arssr setup: installing %s\n' "$*" >&2
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install)
  # A fresh machine has no package lists, or old ones.
  "${apt[@]}" "$@" >/dev/null 2>&1 || { "${as_root[@]}" apt-get -qq update && "${apt[@]}" "$@" >/dev/null; }
}

check_swift
if [[ " $* " == *" --browser "* ]]; then packages+=(chromium-headless-shell); fi
if [[ " $* " == *" --mpi "* ]]; then packages+=(libopenmpi-dev openmpi-bin); fi
if [[ " $* " == *" --packages "* ]]; then packages+=(binutils debootstrap dpkg-dev lintian); fi
if [[ " $* " == *" --cluster "* ]]; then packages+=(slurm-wlm munge); fi
if [[ " $* " == *" --pipes "* ]]; then packages+=(mrtrix3); fi
if [[ " $* " == *" --container "* ]]; then packages+=(buildah); fi
if [[ " $* " == *" --tests "* ]]; then
  # Manual pages and completions are checked by the programs that read them.
  packages+=(man-db groff zsh fish)
  command -v python3 >/dev/null || packages+=(python3)
  # Looking into the built objects; most Swift toolchains bring llvm-objdump along.
  command -v objdump >/dev/null || packages+=(binutils)
  command -v llvm-objdump >/dev/null || [ -x "$(toolchain)/llvm-objdump" ] || packages+=(llvm)
  python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
fi
if ! command -v dpkg-query >/dev/null; then
  printf 'arssr setup: no apt on this system; the development files of these libraries are needed: %s\n' \
    "${packages[*]}" >&2
  exit 0
fi
missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
