#!/usr/bin/env python3
"""Measures what back-projection and self-ensemble do to held-out volumes; writes refinement.md.

    refinement-figures.py --arssr PATH --test FOLDER [--model NAME] [--output FOLDER]

The volumes of the folder are truths. Each is made coarser by a factor of 2 in two ways (point samples,
--psf 0; slice profile, --psf 1) and upsampled again.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy

DEGRADATIONS = {"point samples": ("cubic", "0"), "blurred": ("psf", "1")}
VARIANTS = {
    "cubic": ["--method", "cubic"],
    "cubic --consistent": ["--method", "cubic", "--consistent"],
    "model": [],
    "--consistent": ["--consistent"],
    "--self-ensemble": ["--self-ensemble"],
    "both": ["--self-ensemble", "--consistent"],
}


def run(*words):
    return subprocess.run(
        [str(word) for word in words], check=True, capture_output=True, text=True).stdout


def degrade(arssr, truth, folder, operator):
    low = folder / f"low-{operator}.nii"
    run(arssr, "degrade", "-q", "-f", "--operator", operator, truth, low)
    return low


def upsample(arssr, model, low, truth, output, width, options):
    psf = ["--measured-psf", width] if "--consistent" in options else []
    if "--method" not in options:
        psf += ["--psf", width, "--model", model]
    run(arssr, "upsample", "-q", "-f", "--like", truth, *psf, *options, low, output)


def score(arssr, result, truth):
    text = run(arssr, "evaluate", "-q", "--format", "json", "--metrics", "psnr,ssim", "--mask",
               "foreground", result, truth)
    items = json.loads(text)["items"]
    return next(item for item in items if item["region"] == "mask")


def tables(arssr, model, folder, truths):
    """PSNR and SSIM in the object, and the agreement, means over the truths."""
    lines = []
    for name, (operator, width) in DEGRADATIONS.items():
        sums = {variant: numpy.zeros(4) for variant in VARIANTS}
        for truth in truths:
            low = degrade(arssr, truth, folder, operator)
            for variant, options in VARIANTS.items():
                output = folder / "out.nii"
                checks = [] if "--consistent" in options else ["--check-consistency",
                                                               "--measured-psf", width]
                upsample(arssr, model, low, truth, output, width, options + checks)
                scores = score(arssr, output, truth)
                seen = json.loads((folder / "out.json").read_text())["Arssr"]["Consistency"]
                sums[variant] += [scores["psnr"], scores["ssim"], seen["RMS"], seen["Rounds"] or 0]
        lines += [f"\nInput: {name} (`--operator {operator}`, measured with `--psf {width}`)\n",
                  "| | PSNR (dB) | SSIM | RMS against the input | rounds |",
                  "| --- | ---: | ---: | ---: | ---: |"]
        for variant, total in sums.items():
            psnr, ssim, rms, rounds = total / len(truths)
            name = f"`{pathlib.Path(model).stem}`" if variant == "model" else variant
            lines.append(f"| {name} | {psnr:.3f} | {ssim:.5f} | {rms:.2f} | {rounds:.1f} |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arssr", required=True, type=pathlib.Path)
    parser.add_argument("--test", required=True, type=pathlib.Path)
    parser.add_argument("--model", default="brain-t1w", help="a model's name or file")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("Documentation/Results"))
    arguments = parser.parse_args()
    arssr = arguments.arssr
    truths = sorted(arguments.test.glob("*.nii*"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        lines = ["# Back-projection and self-ensemble", "",
                 f"Written by `Scripts/refinement-figures.py`. Model `{pathlib.Path(arguments.model).stem}`, "
                 "factor 2, scores where the truth is above 0; RMS in the units of the volumes, over all "
                 "voxels with the background.",
                 f"{run(arssr, '--version').strip()}; test: "
                 + ", ".join(truth.name.split("_")[0] for truth in truths) + "; means over the volumes."]
        lines += tables(arssr, arguments.model, folder, truths)
    (arguments.output / "refinement.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
