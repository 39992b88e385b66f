#!/usr/bin/env bash
# Runs every fault case that concerns the commands that exist: malformed files, then what the
# operating system can do to a run.
#
#   faults.sh PATH-OF-ARSSR
set -euo pipefail
cd "$(dirname "$0")/.."

arssr=$1
failed=0
for group in nifti gzip safetensors torch; do
  printf '%s: ' "$group"
  python3 Tests/Faults/check_faults.py --arssr "$arssr" --group "$group" || failed=1
done
printf 'environment: '
python3 Scripts/environment-faults.py --arssr "$arssr" || failed=1
exit "$failed"
