#!/usr/bin/env bash
# Scores models on held-out volumes; writes Documentation/Results/models.md.
#
#   score-models.sh [--models a.safetensors ...] [--parts boxes,kspace,blurs,noise,ensemble,wrong,whole] --volumes a.nii.gz ...
#
# Without --models those of Models/ that upsample by any scale. What was scored before, by the models' checksums, is taken
# from Documentation/Results/models.json, scores of each volume, to which the others are added; delete it to score anew.
set -euo pipefail
cd "$(dirname "$0")/../.."

words=("$@")
[[ " $* " == *" --models "* ]] || words+=(--models Models/brain-*.safetensors Models/interim.safetensors)
"$(Scripts/venv.sh)" Benchmarks/scores/score_models.py --scores Documentation/Results/models.json \
  --output Documentation/Results/models.md "${words[@]}"
