#!/usr/bin/env python3
"""Calibrates `upsample --uncertainty` for a model and shows how well that holds on other volumes.

    uncertainty-figures.py --arssr PATH --validate FOLDER --test FOLDER [--model MODEL] [--into FILE]
                           [--page PAGE]

Of every volume the middle of the object, --box voxels, is made coarser by each scale in two ways (point samples, slice profile), brought back with
`--uncertainty --uncalibrated`, and compared. On the volumes of --validate the two numbers of every scale are
fitted, error^2 = (floor * range)^2 + (factor * spread)^2; on those of --test the error that they predict is
set beside the actual one. Writes PAGE.md and PAGE.svg, and with --into a copy of the model
whose card holds the calibration. What was computed is kept in --work by the model's checksum, so a run goes on
where it was stopped.

Needs nibabel and NumPy (Tests/requirements.txt).
"""
import argparse
import json
import math
import pathlib
import subprocess
import tempfile

import nibabel
import numpy

from log_chart import log_chart

DEGRADATIONS = {"point samples": ("cubic", "0"), "blurred": ("psf", "1")}
COLOURS = {"2": "#1f6fb2", "3": "#3c9a5f", "4": "#d98a1f"}
BINS = 20
# One voxel of so many is kept: errors of neighbours are alike.
STRIDE = 4


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout


def middle(image, box):
    """The box around the middle of what is above 0."""
    inside = numpy.argwhere(numpy.asarray(image.dataobj) > 0)
    centre = (inside.min(axis=0) + inside.max(axis=0)) // 2
    first = [max(0, min(c - b // 2, n - b)) for c, b, n in zip(centre, box, image.shape)]
    return image.slicer[tuple(slice(f, f + b) for f, b in zip(first, box))]


def measured(options, truth, operator, width, scale):
    """Spread and error of voxels of the object, both over the range of the input."""
    size = "x".join(str(side) for side in options.box)
    place = options.work / f"{options.digest[:16]}-{operator}-{scale}-{truth.name.split('.')[0]}-{size}.npz"
    if not place.exists():
        with tempfile.TemporaryDirectory() as folder_name:
            folder = pathlib.Path(folder_name)
            files = [folder / f"{name}.nii" for name in ("low", "result", "spread", "box")]
            low, result, spread, box = files
            nibabel.save(middle(nibabel.load(truth), options.box), box)
            run(options.arssr, "degrade", "-q", "--operator", operator, "--scale", scale, box, low)
            blur = ["--psf", width] if options.asks_blur else []
            run(options.arssr, "upsample", "-q", "--model", options.model, *blur, "--like", box,
                "--uncertainty", spread, "--uncalibrated", low, result)
            # The range is that of the whole head, as a run on it has it.
            run(options.arssr, "degrade", "-q", "-f", "--operator", operator, "--scale", scale, truth, low)
            volumes = [numpy.asarray(nibabel.load(path).dataobj, dtype=numpy.float32).ravel()
                       for path in files]
        span = volumes[0].max() - volumes[0].min()
        inside = (volumes[3] > 0) & (volumes[2] > 0)
        part = slice(None, None, STRIDE)
        numpy.savez(place, spread=(volumes[2][inside] / span)[part],
                    error=((volumes[1] - volumes[3])[inside] / span)[part])
        print(place.name, flush=True)
    with numpy.load(place) as file:
        return file["spread"].astype(float), file["error"].astype(float)


def gathered(options, truths, scale):
    """The same of all volumes, by degradation."""
    return {label: tuple(numpy.concatenate(part) for part in zip(
                *(measured(options, truth, *degradation, scale) for truth in truths)))
            for label, degradation in DEGRADATIONS.items()}


def root_mean_squares(order_by, *values):
    """In bins of equal numbers by rising `order_by`: the root mean square of every quantity."""
    order = numpy.argsort(order_by)
    return [[math.sqrt((value[part] ** 2).mean()) for value in values]
            for part in numpy.array_split(order, BINS)]


def fitted(pairs):
    """floor and factor by least squares of e^2 = floor^2 + (factor s)^2 over the bins of both
    degradations; relative errors count, because large bins would decide alone."""
    s, e = numpy.array([bin for spread, error in pairs.values()
                        for bin in root_mean_squares(spread, spread, error)]).T
    matrix = numpy.stack([numpy.ones_like(s), s ** 2], axis=1) / e[:, None] ** 2
    solution = numpy.linalg.lstsq(matrix, numpy.ones_like(s), rcond=None)[0]
    return [float(f"{math.sqrt(max(value, 0)):.3g}") for value in solution]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arssr", required=True, type=pathlib.Path)
    parser.add_argument("--validate", required=True, type=pathlib.Path)
    parser.add_argument("--test", required=True, type=pathlib.Path)
    parser.add_argument("--model", default="brain-t1w")
    parser.add_argument("--scales", default="2,3,4")
    parser.add_argument("--box", default="64,80,60", help="voxels along i, j, k (default: %(default)s)")
    parser.add_argument("--into", type=pathlib.Path, help="the model with its calibration")
    parser.add_argument("--page", default="uncertainty", help="name of page and chart (default: %(default)s)")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".build/uncertainty"))
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("Documentation/Results"))
    options = parser.parse_args()
    options.box = [int(side) for side in options.box.split(",")]
    options.work.mkdir(parents=True, exist_ok=True)
    model = json.loads(run(options.arssr, "models", "info", "--format", "json", options.model))
    options.digest, options.name = model["sha256"], model["name"]
    options.asks_blur = model["variants"].get("condition") is not None
    return options


def names(truths):
    return ", ".join(truth.name.split("_")[0] for truth in truths)


def main():
    options = arguments()
    validate, test = (sorted(folder.glob("*.nii*")) for folder in (options.validate, options.test))
    scales = options.scales.split(",")
    lines = {scale: fitted(gathered(options, validate, scale)) for scale in scales}
    card = ";".join(f"{scale}:{floor:g},{factor:g}" for scale, (floor, factor) in lines.items())
    rows, series = [], []
    for scale, (floor, factor) in lines.items():
        for number, (label, (spread, error)) in enumerate(gathered(options, test, scale).items()):
            expected = numpy.sqrt(floor ** 2 + (factor * spread) ** 2)
            bins = root_mean_squares(expected, expected, error)
            series.append((f"scale {scale}, {label}", COLOURS.get(scale, "#7a5ba6"), number == 0,
                           [(100 * x, 100 * y) for x, y in bins]))
            worst = max(bins, key=lambda pair: abs(math.log(pair[1] / pair[0])))
            ratio = numpy.abs(error) / expected
            rows.append(
                f"| {scale} | {label} | {100 * bins[0][0]:.2f} to {100 * bins[-1][0]:.2f} | "
                f"{100 * bins[0][1]:.2f} to {100 * bins[-1][1]:.2f} | {worst[1] / worst[0]:.2f} | "
                f"{100 * (ratio <= 1).mean():.0f} % | {100 * (ratio <= 2).mean():.0f} % |")
    (options.output / f"{options.page}.svg").write_text(log_chart(
        series, "expected error, % of the input's range (root mean square per bin)",
        "actual error, % of the input's range"))
    text = [
        "# Expected and actual error", "",
        f"Written by `Scripts/uncertainty-figures.py`. Model `{options.name}`, SHA-256 `{options.digest[:16]}`. "
        f"Calibrated on {names(validate)}, shown on {names(test)}; the middle {' x '.join(str(side) for side in options.box)} voxels of each, where the "
        "truth is above 0. "
        f"{run(options.arssr, '--version').strip()}.", "",
        "error² = (floor × range)² + (factor × spread)², spread: standard deviation over the 8 mirrorings, range: of "
        "the whole head as it is put in. One pair of numbers per scale for both degradations, fitted to 20 bins of equal numbers of voxels "
        f"of each with equal relative weights. For the card of the model: `arssr.uncertainty={card}`.", "",
        "| scale | floor, % of the range | factor |", "| --- | ---: | ---: |",
        *(f"| {scale} | {100 * floor:.2f} | {factor:.2f} |" for scale, (floor, factor) in lines.items()),
        "", f"![Actual over expected error]({options.page}.svg)", "",
        "Each dot is a twentieth of the voxels, by rising expected error. Worst bin: the actual error of a bin over the "
        "expected one, where they differ most. A normal error lies within one standard deviation for 68 % of the "
        "voxels, within two for 95 %.", "",
        "| scale | input | expected, % | actual, % | worst bin | within 1 | within 2 |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |", *rows]
    (options.output / f"{options.page}.md").write_text("\n".join(text) + "\n")
    print(card)
    if options.into:
        run(options.arssr, "models", "convert", "-f", "--set", f"arssr.uncertainty={card}",
            options.model, options.into)


if __name__ == "__main__":
    main()
