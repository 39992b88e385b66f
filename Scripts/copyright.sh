#!/usr/bin/env bash
# Prints what the packages say of copyright, in Debian's format: Packaging/debian/copyright and the text of
# CeCILL-B, which no Debian system has.
set -euo pipefail
cd "$(dirname "$0")/.."

cat Packaging/debian/copyright
printf '\nLicense: CECILL-B\n'
iconv -f ISO-8859-1 -t UTF-8 Models/LICENSE-CeCILL-B.txt | sed -e 's/[[:space:]]*$//' -e 's/^$/./' \
  -e 's/^/ /'
