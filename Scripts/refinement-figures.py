#!/usr/bin/env python3
"""Measures what back-projection and self-ensemble do to held-out volumes, and what the spread of an
ensemble says about the error; writes refinement.md and uncertainty.svg.

    refinement-figures.py --arssr PATH --test FOLDER --validate FOLDER [--output FOLDER]

The volumes of both folders are truths. Each is made coarser by a factor of 2 in two ways (point samples,
--psf 0; slice profile, --psf 1) and upsampled again.
"""
import argparse
import json
import math
import pathlib
import subprocess
import tempfile

import nibabel
import numpy

DEGRADATIONS = {"point samples": ("cubic", "0"), "blurred": ("psf", "1")}
VARIANTS = {
    "cubic": ["--method", "cubic"],
    "cubic --consistent": ["--method", "cubic", "--consistent"],
    "default model": [],
    "--consistent": ["--consistent"],
    "--self-ensemble": ["--self-ensemble"],
    "both": ["--self-ensemble", "--consistent"],
}
BINS = 20


def run(*words):
    return subprocess.run(
        [str(word) for word in words], check=True, capture_output=True, text=True).stdout


def degrade(arssr, truth, folder, operator):
    low = folder / f"low-{operator}.nii"
    run(arssr, "degrade", "-q", "-f", "--operator", operator, truth, low)
    return low


def upsample(arssr, low, truth, output, width, options):
    psf = ["--measured-psf", width] if "--consistent" in options else []
    if "--method" not in options:
        psf += ["--psf", width]
    run(arssr, "upsample", "-q", "-f", "--like", truth, *psf, *options, low, output)


def score(arssr, result, truth):
    text = run(arssr, "evaluate", "-q", "--format", "json", "--metrics", "psnr,ssim", "--mask",
               "foreground", result, truth)
    items = json.loads(text)["items"]
    return next(item for item in items if item["region"] == "mask")


def tables(arssr, folder, truths):
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
                upsample(arssr, low, truth, output, width, options + checks)
                scores = score(arssr, output, truth)
                seen = json.loads((folder / "out.json").read_text())["Arssr"]["Consistency"]
                sums[variant] += [scores["psnr"], scores["ssim"], seen["RMS"], seen["Rounds"] or 0]
        lines += [f"\nInput: {name} (`--operator {operator}`, measured with `--psf {width}`)\n",
                  "| | PSNR (dB) | SSIM | RMS against the input | rounds |",
                  "| --- | ---: | ---: | ---: | ---: |"]
        for variant, total in sums.items():
            psnr, ssim, rms, rounds = total / len(truths)
            lines.append(f"| {variant} | {psnr:.3f} | {ssim:.5f} | {rms:.2f} | {rounds:.1f} |")
    return lines


def pairs(arssr, folder, truth, operator, width):
    """Predicted spread and actual error of the voxels of the object, over the truth's range."""
    low = degrade(arssr, truth, folder, operator)
    output, spread = folder / "out.nii", folder / "sd.nii"
    upsample(arssr, low, truth, output, width, ["--uncertainty", spread])
    volumes = [numpy.asarray(nibabel.load(path).dataobj, dtype=numpy.float64)
               for path in [output, spread, truth]]
    span = volumes[2].max() - volumes[2].min()
    inside = volumes[2] > 0
    return volumes[1][inside] / span, numpy.abs(volumes[0] - volumes[2])[inside] / span


def calibrate(predicted, actual):
    """Root mean squares in bins of equal numbers, and the least squares a, b of e^2 = a^2 + (b s)^2."""
    order = numpy.argsort(predicted)
    bins = [(math.sqrt((predicted[part] ** 2).mean()), math.sqrt((actual[part] ** 2).mean()))
            for part in numpy.array_split(order, BINS)]
    s, e = numpy.array(bins).T
    matrix = numpy.stack([numpy.ones_like(s), s ** 2], axis=1)
    # Relative errors count: large bins would decide alone.
    weights = 1 / e ** 2
    a2, b2 = numpy.linalg.lstsq(matrix * weights[:, None], e ** 2 * weights, rcond=None)[0]
    return bins, math.sqrt(max(a2, 0)), math.sqrt(max(b2, 0))


def plot(curves):
    """Predicted against actual error in percent of the range, logarithmic, as SVG."""
    width, height, left, bottom = 640, 460, 70, 60
    points = [value for bins, _, _ in curves.values() for pair in bins for value in pair]
    low = 10 ** math.floor(math.log10(100 * min(points)))
    high = 10 ** math.ceil(math.log10(100 * max(points)))

    def place(s, e):
        def share(value):
            return math.log(100 * value / low) / math.log(high / low)
        return (left + share(s) * (width - left - 20),
                height - bottom - share(e) * (height - bottom - 20))

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
             'font-family="sans-serif" font-size="13">',
             f'<rect width="{width}" height="{height}" fill="#fff"/>']
    decade = low
    while decade <= high * 1.001:
        for factor in range(1, 10):
            value = decade * factor / 100
            if value * 100 > high * 1.001:
                break
            x, y = place(value, value)
            shade = "#ccc" if factor == 1 else "#eee"
            parts += [f'<path d="M{x:.1f} 20V{height - bottom}M{left} {y:.1f}H{width - 20}" '
                      f'stroke="{shade}"/>']
            if factor == 1:
                parts += [f'<text x="{x:.1f}" y="{height - bottom + 18}" text-anchor="middle">'
                          f'{decade:g}</text>',
                          f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{decade:g}</text>']
        decade *= 10
    start, end = place(low / 100, low / 100), place(high / 100, high / 100)
    parts.append(f'<path d="M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}" '
                 'stroke="#888" stroke-dasharray="5 4"/>')
    for number, (name, (bins, a, b)) in enumerate(curves.items()):
        colour = ["#1f6fb2", "#d98a1f"][number]
        line = "M" + "L".join("%.1f %.1f" % place(s, math.sqrt(a * a + (b * s) ** 2))
                              for s, _ in bins)
        parts.append(f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        for pair in bins:
            x, y = place(*pair)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
        parts += [f'<circle cx="{left + 18}" cy="{36 + 20 * number}" r="4" fill="{colour}"/>',
                  f'<text x="{left + 30}" y="{40 + 20 * number}">{name}: error² = ({100 * a:.2f} %)² + '
                  f'({b:.2f} × spread)²</text>']
    parts += [f'<text x="{(left + width) / 2}" y="{height - 14}" text-anchor="middle">spread of the '
              'ensemble, % of the range (root mean square per bin)</text>',
              f'<text transform="rotate(-90 18 {height / 2})" x="18" y="{height / 2}" '
              'text-anchor="middle">actual error, % of the range</text>', '</svg>']
    return "\n".join(parts) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arssr", required=True, type=pathlib.Path)
    parser.add_argument("--test", required=True, type=pathlib.Path)
    parser.add_argument("--validate", required=True, type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("Documentation/Results"))
    arguments = parser.parse_args()
    arssr = arguments.arssr
    truths = sorted(arguments.test.glob("*.nii*"))
    held = sorted(arguments.validate.glob("*.nii*"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        curves = {}
        for label, (operator, width) in DEGRADATIONS.items():
            found = [pairs(arssr, folder, truth, operator, width) for truth in held]
            predicted, actual = (numpy.concatenate(part) for part in zip(*found))
            curves[label] = calibrate(predicted, actual)
        (arguments.output / "uncertainty.svg").write_text(plot(curves))
        lines = ["# Back-projection, self-ensemble, uncertainty", "",
                 "Written by `Scripts/refinement-figures.py`. Default model, factor 2, scores where the "
                 "truth is above 0.",
                 f"{run(arssr, '--version').strip()}; test: "
                 + ", ".join(truth.name.split("_")[0] for truth in truths) + "; validation: "
                 + ", ".join(truth.name.split("_")[0] for truth in held) + "; means over the volumes."]
        lines += tables(arssr, folder, truths)
    lines += ["", "## Spread and error", "",
              "The spread over the 8 mirrorings against the error, on the validation volumes, in "
              f"{BINS} bins of equal numbers of voxels of the object.", "",
              "![Actual error over the spread of the ensemble](uncertainty.svg)", "",
              "| input | a, % of the range | b | spread of the bins, % | error of the bins, % |",
              "| --- | ---: | ---: | ---: | ---: |"]
    for label, (bins, a, b) in curves.items():
        lines.append(
            f"| {label} | {100 * a:.2f} | {b:.2f} | {100 * bins[0][0]:.3f} to {100 * bins[-1][0]:.2f} "
            f"| {100 * bins[0][1]:.2f} to {100 * bins[-1][1]:.2f} |")
    lines += ["", "error² = a² + (b × spread)², fitted to the bins with equal relative weights."]
    (arguments.output / "refinement.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
