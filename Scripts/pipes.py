#!/usr/bin/env python3
"""Runs arssr in pipes and beside MRtrix3 and ANTs, and compares what each says of the same volume.

- `zcat | arssr upsample - - | gzip` gives the bytes of the run from file to file.
- MRtrix3: an image goes from .mif to NIfTI (`mrconvert`), through arssr, and back to .mif; `mrinfo` has to
  find the size, spacing and position that `mrgrid regrid -scale 2` makes of the same image, and no warning.
- ANTs: `ants.image_read` has to find the same grid, and LR brought onto it by ANTs has to agree with the
  result best where it lies: correlation above 0.95, and lower when moved by a voxel.

    pipes.py --arssr ARSSR [--volume FILE]

Needs MRtrix3 (apt: mrtrix3) and antspyx (Tests/requirements-pipes.txt). Ends with 1 when something differs.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

import ants
import numpy

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAMPLE = os.path.join(REPOSITORY, "Samples", "sub-37_T1w_lr.nii.gz")


def shell(line, folder):
    """Runs a line of a shell; returns what it prints on both streams."""
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=folder, capture_output=True, check=False)
    if ended.returncode != 0:
        sys.exit(f"{line}\nstatus {ended.returncode}: {ended.stderr.decode()}")
    return ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace")


def same_bytes(folder, one, other):
    with open(os.path.join(folder, one), "rb") as first, open(os.path.join(folder, other), "rb") as second:
        return first.read() == second.read()


def mrtrix_grid(folder, name):
    """Size, and the matrix from voxels to millimetres, as MRtrix3 sees them."""
    size, warnings = shell(f"mrinfo -size {name}", folder)
    spacing, _ = shell(f"mrinfo -spacing {name}", folder)
    transform, _ = shell(f"mrinfo -transform {name}", folder)
    matrix = numpy.array([[float(x) for x in row.split()] for row in transform.splitlines() if row.split()])
    spacing = [float(x) for x in spacing.split()][:3]
    matrix[:3, :3] *= spacing
    return [int(x) for x in size.split()], matrix, warnings


def check_mrtrix(folder, wrong):
    shell("mrconvert -quiet scan.nii image.mif", folder)
    shell("mrconvert -quiet image.mif image.nii && arssr upsample --quiet image.nii - > sr.nii", folder)
    shell("mrconvert -quiet sr.nii sr.mif && mrgrid -quiet image.mif regrid -scale 2 grid.mif", folder)
    ours, theirs = mrtrix_grid(folder, "sr.mif"), mrtrix_grid(folder, "grid.mif")
    if ours[0] != theirs[0]:
        wrong.append(f"MRtrix3: size {ours[0]}, mrgrid makes {theirs[0]}")
    # Headers hold float32: a ten-thousandth of a millimetre is far above that and below any voxel.
    distance = numpy.abs(ours[1] - theirs[1]).max()
    if distance > 1e-4:
        wrong.append(f"MRtrix3: {distance} mm from the grid of mrgrid")
    if ours[2]:
        wrong.append(f"MRtrix3 warns: {ours[2]}")
    print(f"MRtrix3: size {ours[0]}, {distance:.1e} mm from the grid of mrgrid -scale 2")


def check_ants(folder, wrong):
    coarse = ants.image_read(os.path.join(folder, "scan.nii"))
    fine = ants.image_read(os.path.join(folder, "file.nii"))
    extent = numpy.array(coarse.shape) * coarse.spacing - numpy.array(fine.shape) * fine.spacing
    if numpy.abs(extent).max() > 1e-3:
        wrong.append(f"ANTs: the field of view differs by {extent} mm")
    if numpy.abs(coarse.direction - fine.direction).max() > 1e-5:
        wrong.append("ANTs: another orientation")
    moved = ants.resample_image_to_target(coarse, fine, interp_type="linear").numpy()
    ours = fine.numpy()
    inner = tuple(slice(4, length - 4) for length in ours.shape)

    def agreement(shift, axis):
        return numpy.corrcoef(numpy.roll(moved, shift, axis)[inner].ravel(), ours[inner].ravel())[0, 1]

    best = agreement(0, 0)
    worse = max(agreement(shift, axis) for axis in range(3) for shift in (-1, 1))
    if not best > max(0.95, worse):
        wrong.append(f"ANTs: correlation {best:.4f} in place, {worse:.4f} moved by a voxel")
    print(f"ANTs: correlation {best:.4f} in place, at most {worse:.4f} moved by a voxel")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    parser.add_argument("--volume", default=SAMPLE, help="a .nii.gz file")
    options = parser.parse_args()
    os.environ["PATH"] = os.path.dirname(os.path.abspath(options.arssr)) + ":" + os.environ["PATH"]
    if shutil.which("mrconvert") is None:
        sys.exit("mrconvert is missing (apt: mrtrix3)")
    wrong = []
    with tempfile.TemporaryDirectory(prefix="arssr-pipes-") as folder:
        shutil.copy(options.volume, os.path.join(folder, "scan.nii.gz"))
        shell("zcat scan.nii.gz > scan.nii && arssr upsample --quiet scan.nii file.nii", folder)
        shell("zcat scan.nii.gz | arssr upsample --quiet - - | gzip -n | zcat > pipe.nii", folder)
        if not same_bytes(folder, "file.nii", "pipe.nii"):
            wrong.append("the pipe gives other bytes than the files")
        check_mrtrix(folder, wrong)
        check_ants(folder, wrong)
    for text in wrong:
        print(f"FAIL {text}")
    print(f"pipes: {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
