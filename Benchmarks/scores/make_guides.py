#!/usr/bin/env python3
"""Makes a second contrast beside T1-weighted volumes, where a dataset has no second scan.

  make_guides.py FOLDER sub-01_T1w.nii.gz ...

Where a volume v is above 0: 0.7 (max v - v) + 12 + noise, elsewhere 0; the noise is normal, its deviation 5 % of
max v, drawn from the file's name. That is roughly the contrast of a T2-weighted image without ventricles. It
is no scan: what it shows is what the truth shows, so results say what a guide can do at best. FOLDER gets
sub-01_T1w.nii.gz, a link, and sub-01_T2w.nii.gz. Needs nibabel and NumPy (Tests/requirements.txt).
"""
import pathlib
import sys
import zlib

import nibabel
import numpy

NOISE = 0.05


def guide(path):
    """The second contrast of a volume, as an image."""
    image = nibabel.load(path)
    voxels = image.get_fdata(dtype=numpy.float32)
    largest = float(voxels.max())
    subject = path.name.split("_")[0]
    generator = numpy.random.default_rng(zlib.crc32(subject.encode()))
    noise = generator.normal(0, NOISE * largest, voxels.shape).astype(numpy.float32)
    made = numpy.where(voxels > 0, 0.7 * (largest - voxels) + 12 + noise, 0)
    return nibabel.Nifti1Image(made.astype(numpy.float32), image.affine)


def place(path, folder):
    """Puts a volume and its guide into a folder; the name of the guide."""
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / path.name
    if not link.exists():
        link.symlink_to(path.resolve())
    target = folder / path.name.replace("_T1w", "_T2w")
    if not target.exists():
        nibabel.save(guide(path), target)
    return target


def main():
    for name in sys.argv[2:]:
        print(place(pathlib.Path(name), pathlib.Path(sys.argv[1])), flush=True)


if __name__ == "__main__":
    main()
