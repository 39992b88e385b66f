#!/usr/bin/env bash
# Builds the sample package of Examples/, runs it, and compares its voxels with those of the command.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(Scripts/venv.sh)
swift build -c release --package-path Examples/upsample --scratch-path .build/examples
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" - "$folder/thick.nii" <<'PYTHON'
import sys
import nibabel
import numpy as np

image = nibabel.load("Samples/sub-37_T1w_lr.nii.gz")
thick = np.asarray(image.dataobj)[:32, :32, ::2]
nibabel.save(nibabel.Nifti1Image(thick, image.affine @ np.diag([1, 1, 2, 1])), sys.argv[1])
PYTHON
.build/examples/release/upsample Models/brain-t1w.safetensors "$folder/thick.nii" "$folder/fine.nii"
.build/release/arssr upsample --isotropic --progress none "$folder/thick.nii" "$folder/wanted.nii"
"$python" - "$folder/fine.nii" "$folder/wanted.nii" <<'PYTHON'
import sys
import nibabel
import numpy as np

fine, wanted = map(nibabel.load, sys.argv[1:])
np.testing.assert_array_equal(np.asarray(fine.dataobj), np.asarray(wanted.dataobj))
np.testing.assert_array_equal(fine.affine, wanted.affine)
print("examples: the voxels are those of the command")
PYTHON
