#!/usr/bin/env bash
# Opens reports in a headless browser; see report-browser.py. Screenshots go to .build/report.
#
#   report.sh PATH-OF-ARSSR
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(Scripts/venv.sh Tests/requirements-report.txt .venv-report)
"$python" Scripts/report-browser.py --arssr "$1" --screenshots .build/report
