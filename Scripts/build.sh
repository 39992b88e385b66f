#!/usr/bin/env bash
# Builds the release products into .build/release.
#
#   build.sh [arguments of swift build]
set -euo pipefail
cd "$(dirname "$0")/.."

swift build -c release --explicit-target-dependency-import-check error "$@"
