"""Measures what `--precision bfloat16` changes on held-out volumes.

    python -m venv error-venv && error-venv/bin/pip install nibabel numpy
    error-venv/bin/python Scripts/precision-error.py .build/release/arssr sub-37_T1w.nii.gz ...

The volumes are T1-weighted ones of OpenNeuro ds002748 as published. Each is reduced by means of
2 x 2 x 2 voxels, upsampled in both precisions, and compared: the bfloat16 result with the float32
one, and both with the published volume. PSNR over the whole volume, by the range of the reference.
"""

import argparse
import pathlib
import subprocess
import tempfile

import nibabel
import numpy as np


def halved(volume):
    """Means of 2 x 2 x 2 voxels of an image with even sizes, whose cells share the field of view."""
    values = volume.get_fdata()
    blocks = values.reshape([n for size in values.shape for n in (size // 2, 2)])
    affine = volume.affine.copy()
    affine[:3, 3] += affine[:3, :3].sum(axis=1) / 2
    affine[:3, :3] *= 2
    return nibabel.Nifti1Image(blocks.mean(axis=(1, 3, 5)).astype(np.float32), affine)


def upsampled(options, source, precision, psf, folder):
    target = folder / f"{precision}.nii"
    command = [options.arssr, "upsample", source, target, "--quiet", "--force", "--no-sidecar"]
    command += ["--precision", precision, "--psf", psf]
    subprocess.run(command + (["--model", options.model] if options.model else []), check=True)
    return nibabel.load(target).get_fdata()


def psnr(reference, value):
    error = np.mean((reference - value) ** 2)
    return 20 * np.log10(np.ptp(reference)) - 10 * np.log10(error)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("arssr")
    parser.add_argument("volumes", nargs="+", type=pathlib.Path)
    parser.add_argument("--model")
    options = parser.parse_args()
    print("| volume | psf | bfloat16 to float32, dB | largest, % of range | truth: float32, dB | change, dB |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for path in options.volumes:
        volume = nibabel.load(path)
        volume = volume.slicer[tuple(slice(size // 2 * 2) for size in volume.shape)]
        truth = volume.get_fdata()
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            source = folder / "input.nii"
            nibabel.save(halved(volume), source)
            for psf in ("0", "1"):
                exact = upsampled(options, source, "float32", psf, folder)
                rounded = upsampled(options, source, "bfloat16", psf, folder)
                largest = np.abs(exact - rounded).max() / np.ptp(exact)
                change = psnr(truth, rounded) - psnr(truth, exact)
                print(
                    f"| {path.name.split('_')[0]} | {psf} | {psnr(exact, rounded):.1f} "
                    f"| {100 * largest:.2f} | {psnr(truth, exact):.3f} | {change:+.4f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
