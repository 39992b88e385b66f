"""Measures what `--precision bfloat16` changes on held-out volumes.

    python -m venv error-venv && error-venv/bin/pip install nibabel numpy
    error-venv/bin/python Scripts/precision-error.py .build/release/arssr sub-37_T1w.nii.gz ...

The volumes are T1-weighted ones of OpenNeuro ds002748 as published. Each is made coarser at every
scale, as point samples (operator `exact`, `--psf 0`) and blurred (`psf`, `--psf 1`), upsampled onto
its own grid in both precisions, and compared: the bfloat16 result with the float32 one, and both
with the published volume. PSNR by the range of the reference, over the whole volume and inside the
head, where no background raises it; the largest difference by the range that the network sees, 0.1 to
99.9 percent of the input, which is what sidecars state. A last line holds the worst of each column.
"""

import argparse
import pathlib
import subprocess
import tempfile

import nibabel
import numpy as np

FORMS = (("exact", "0"), ("psf", "1"))


def run(options, *arguments):
    subprocess.run([options.arssr, *arguments, "--quiet", "--force", "--no-sidecar"], check=True)


def upsampled(options, source, precision, psf, truth, folder):
    target = folder / f"{precision}.nii"
    model = ["--model", options.model] if options.model else []
    run(
        options, "upsample", source, target, "--like", truth,
        "--precision", precision, "--psf", psf, *model,
    )
    return nibabel.load(target).get_fdata()


def psnr(reference, value, inside=slice(None)):
    error = np.mean((reference[inside] - value[inside]) ** 2)
    return 20 * np.log10(np.ptp(reference)) - 10 * np.log10(error)


class Comparison:
    """One volume at one scale in one form."""

    def __init__(self, source, truth, exact, rounded):
        low, high = np.percentile(source, (0.1, 99.9))
        inside = truth > 0
        self.whole = psnr(exact, rounded)
        self.inside = psnr(exact, rounded, inside)
        self.largest = 100 * np.abs(exact - rounded).max() / (high - low)
        self.truth = psnr(truth, exact)
        self.change = psnr(truth, rounded) - self.truth
        self.change_inside = psnr(truth, rounded, inside) - psnr(truth, exact, inside)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("arssr")
    parser.add_argument("volumes", nargs="+", type=pathlib.Path)
    parser.add_argument("--model")
    parser.add_argument("--scales", nargs="+", default=["2", "4"])
    options = parser.parse_args()
    print(
        "| volume | scale | psf | to float32, dB | inside, dB | largest, % "
        "| truth: float32, dB | change, dB | inside, dB |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    found = []
    for path in options.volumes:
        truth = nibabel.load(path).get_fdata()
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            source = folder / "input.nii"
            for scale in options.scales:
                for operator, psf in FORMS:
                    run(options, "degrade", path, source, "--scale", scale, "--operator", operator)
                    both = [
                        upsampled(options, source, precision, psf, path, folder)
                        for precision in ("float32", "bfloat16")
                    ]
                    coarse = nibabel.load(source).get_fdata()
                    found.append(it := Comparison(coarse, truth, *both))
                    print(
                        f"| {path.name.split('_')[0]} | {scale} | {psf} | {it.whole:.1f} | {it.inside:.1f} "
                        f"| {it.largest:.2f} | {it.truth:.3f} | {it.change:+.4f} | {it.change_inside:+.4f} |",
                        flush=True,
                    )
    print(
        f"| worst | | | {min(it.whole for it in found):.1f} | {min(it.inside for it in found):.1f} "
        f"| {max(it.largest for it in found):.2f} | | {min(it.change for it in found):+.4f} "
        f"| {min(it.change_inside for it in found):+.4f} |"
    )


if __name__ == "__main__":
    main()
