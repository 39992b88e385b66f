#!/usr/bin/env bash
# Scores models on held-out volumes; writes Documentation/Results/models.md.
#
#   score-models.sh [--models a.safetensors ...] [--parts boxes,blurs,noise,wrong,whole] --volumes a.nii.gz ...
#
# Without --models those of Models/ that upsample by any scale. What was scored before is taken from scores-work/scores.json.
set -euo pipefail
cd "$(dirname "$0")/../.."

words=("$@")
[[ " $* " == *" --models "* ]] || words+=(--models Models/brain-*.safetensors Models/interim.safetensors)
"$(Scripts/venv.sh)" Benchmarks/scores/score_models.py --output Documentation/Results/models.md "${words[@]}"
