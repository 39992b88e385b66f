#!/usr/bin/env bash
# Prints the time that files of packages get, in seconds since 1970: that of the last commit, or of the
# change log where there is no repository.
set -euo pipefail
cd "$(dirname "$0")/.."

git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md
