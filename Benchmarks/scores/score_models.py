#!/usr/bin/env python3
"""Scores models on held-out volumes with the program itself, beside interpolation.

Every volume is made coarser by `arssr degrade`, brought back by `arssr upsample` and scored by `arssr
evaluate`; this script only cuts boxes, keeps what was scored already, and writes the tables.
Degradations: `exact`, cubic B-spline samples of the volume itself; `psf`, of the volume blurred by a
Gaussian of one new voxel, or of as many as stand behind the name, per axis i, j, k; `kspace`, its centre of
k-space. Models are told the blur, and 0 of k-space. Boxes: of what is above 0 and six voxels around it, the middle of at most 120 x
140 x 112 voxels, cut so that scaled axes become an even number of voxels; they are made coarser by
themselves, so nothing outside them is known. PSNR by the range of the truth; SSIM with a window of 7 x 7 x 7.

Beside the models stands a control, `inverse`: a model whose network adds nothing, so cubic interpolation of
the volume whose known blur was divided out (lambda 0.01), mirrored at its faces as the models see it.

Needs nibabel and NumPy (Tests/requirements.txt).
"""
import argparse
import datetime
import json
import math
import pathlib
import statistics
import struct
import sys
import typing

import nibabel
import numpy

from scored_runs import ScoredRuns

SCALES = [(1.5,) * 3, (2,) * 3, (2.5,) * 3, (3,) * 3, (3.5,) * 3, (4,) * 3, (1, 1, 4)]
FEW = [(2,) * 3, (3,) * 3, (4,) * 3, (1, 1, 4)]
LARGEST = (120, 140, 112)
MARGIN = 6
# Behind a model's name: its mean over the mirrorings of the input.
ENSEMBLE = "-of-8"
# Two-sided 95 % of Student's t by degrees of freedom.
STUDENT = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365}


class Degradation(typing.NamedTuple):
    """An operator of `arssr degrade`, and the FWHM of its Gaussian over the new spacing along i, j, k."""
    name: str
    operator: str
    widths: tuple = (0, 0, 0)

    @property
    def told(self):
        """What `--psf` gets: a number, or one per axis."""
        return f"{self.widths[0]:g}" if len(set(self.widths)) == 1 else commas(self.widths)

    def words(self, truth, scale):
        """Options of `arssr degrade`. Axes that stay as they are are not blurred."""
        words = ["--operator", self.operator, "--scale", commas(scale)]
        if self.operator == "psf" and set(self.widths) != {1}:
            spacing = nibabel.load(truth).header.get_zooms()[:3]
            words += ["--fwhm", commas(width * factor * float(step) if factor != 1 else 0 for
                                       width, factor, step in zip(self.widths, scale, spacing))]
        return words


EXACT = Degradation("exact", "exact")
PSF = Degradation("psf", "psf", (1, 1, 1))
KSPACE = Degradation("kspace", "kspace")
HALF = Degradation("psf 0.5", "psf", (0.5,) * 3)
WIDE = Degradation("psf 1.5", "psf", (1.5,) * 3)
UNLIKE = Degradation("psf 0.5, 1, 1.5", "psf", (0.5, 1, 1.5))


def text(scale):
    return "x".join(f"{factor:g}" for factor in scale)


def commas(values):
    return ",".join(f"{value:.7g}" for value in values)


def write_control(path):
    """A network without blocks to speak of, all zero: its result is its base."""
    width, features, hidden = 16, 12, 16
    inputs = features + 4
    layers = [("encoder.features.0.0", [width, 1, 3, 3, 3])]
    for part in ("1.m.0.0", "1.m.1.0", "2.0"):
        layers.append((f"encoder.features.{part}", [width, width, 3, 3, 3]))
    layers.append(("encoder.features.3.0", [features, width, 3, 3, 3]))
    for stage, last in (("one", inputs), ("two", 1)):
        layers.append((f"decoder.stage_{stage}.0", [hidden, inputs]))
        layers.append((f"decoder.stage_{stage}.2", [last, hidden]))
    header = {"__metadata__": {
        "arssr.format": "1", "arssr.arch": "arssr", "arssr.final_relu": "false",
        "arssr.residual": "bspline3", "arssr.padding": "border", "arssr.margin": "2",
        "arssr.coordinates": "relative",
        "arssr.condition": "deconvolution", "arssr.condition.default": "0",
        "arssr.deconvolution.version": "1", "arssr.deconvolution.lambda": "0.01",
        "arssr.normalisation": "percentile:0.1,99.9"}}
    end = 0
    for name, shape in layers:
        for tensor, sizes in ((".weight", shape), (".bias", shape[:1])):
            begin, end = end, end + 4 * math.prod(sizes)
            header[name + tensor] = {"dtype": "F32", "shape": sizes, "data_offsets": [begin, end]}
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + bytes(end))


class Scorer(ScoredRuns):
    """Scores models of any scale, the control among them, beside cubic interpolation."""

    def __init__(self, options):
        super().__init__(options)
        control = self.work / "inverse.safetensors"
        write_control(control)
        self.models = {"inverse": control, **{path.stem: path for path in options.models}}
        told = {name: self.information(path) for name, path in self.models.items()}
        self.digests = {name: of["sha256"] for name, of in told.items()}
        self.conditions = {name: (of["variants"]["condition"] or {}).get("name") for name, of in told.items()}

    def scores(self, truth, scale, degradation, given=None, noise=None, names=None):
        """Scores by method and region of one volume.

        given: the blur that models are told; None: the true one. names: methods; None: all.
        """
        told = degradation.told if given is None else f"{given:g}"
        names = names or ["cubic", *self.models]
        keys = {
            name: " ".join(map(str, (
                truth.name, text(scale), degradation.name, noise, name,
                None if name == "cubic" else (self.digests[name.removesuffix(ENSEMBLE)], told))))
            for name in names}
        return self.remembered(
            keys, lambda missing: self.computed(truth, scale, degradation, told, noise, missing))

    def method(self, name, told):
        """Options of `arssr upsample` for a method."""
        if name == "cubic":
            return ["--method", "cubic"]
        model = name.removesuffix(ENSEMBLE)
        words = ["--model", self.models[model]]
        if self.conditions[model] is not None:
            words += ["--psf", told]
        return words if model == name else [*words, "--self-ensemble"]

    def computed(self, truth, scale, degradation, told, noise, names):
        coarse = self.work / "coarse.nii"
        words = ["--noise", noise, "--seed", 1] if noise else []
        self.work_on("degrade", "--force", *degradation.words(truth, scale), *words, truth, coarse)
        results = {}
        for name in names:
            result = self.work / f"{name}.nii"
            self.work_on(
                "upsample", "--force", "--like", truth, *self.method(name, told), coarse, result)
            results[name] = result
        items = self.foreground_report(results.values(), truth)
        return {
            name: {item["region"]: {"psnr": round(item["psnr"], 4), "ssim": round(item["ssim"], 6)}
                   for item in items if item["result"] == str(result)}
            for name, result in results.items()}


def boxes(path, work, scales):
    """The middle of a head per scale, as a file each."""
    image = nibabel.load(path)
    voxels = image.get_fdata(dtype=numpy.float32)
    places = numpy.nonzero(voxels > 0)
    low = [max(0, p.min() - MARGIN) for p in places]
    high = [min(n, p.max() + 1 + MARGIN) for p, n in zip(places, voxels.shape)]
    files = {}
    for scale in scales:
        parts = []
        for axis, factor in enumerate(scale):
            most = min(high[axis] - low[axis], LARGEST[axis])
            count = most
            if factor != 1:
                # For halves too the product of an even number is whole.
                count = int(int(most / factor) // 2 * 2 * factor)
            first = low[axis] + (high[axis] - low[axis] - count) // 2
            parts.append(slice(int(first), int(first + count)))
        affine = image.affine.copy()
        affine[:3, 3] += affine[:3, :3] @ [part.start for part in parts]
        files[scale] = work / f"{path.name.split('.')[0]}-{text(scale)}.nii"
        nibabel.save(nibabel.Nifti1Image(voxels[tuple(parts)], affine), files[scale])
    return files


def interval(values):
    """Mean and half of the 95 % interval by Student's t."""
    spread = statistics.stdev(values) if len(values) > 1 else math.nan
    return statistics.mean(values), STUDENT[len(values) - 1] * spread / math.sqrt(len(values))


class Report:
    """The tables, in Markdown."""

    def __init__(self, scorer, subjects):
        self.scorer = scorer
        self.subjects = subjects
        self.lines = []

    def add(self, *lines):
        self.lines += lines

    def cell(self, rows, name, region):
        """`38.12 / 0.9781, +1.72 ± 0.11` of all subjects."""
        psnr = statistics.mean(row[name][region]["psnr"] for row in rows)
        ssim = statistics.mean(row[name][region]["ssim"] for row in rows)
        if name == "cubic":
            return f"{psnr:.2f} / {ssim:.4f}"
        gain, half = interval([row[name][region]["psnr"] - row["cubic"][region]["psnr"]
                               for row in rows])
        return f"{psnr:.2f} / {ssim:.4f}, **{gain:+.2f}** ± {half:.2f}"

    def table(self, scales, files, degradation, noise=None, names=None):
        names = names or ["cubic", *self.scorer.models]
        if len(set(degradation.widths)) > 1:
            # Others are told one blur for all axes.
            names = [name for name in names if name == "cubic"
                     or self.scorer.conditions[name] == "deconvolution"]
        title = f"`{degradation.name}`" + (f", Rician noise of {noise}" if noise else "")
        rows = {}
        for scale in scales:
            rows[scale] = [
                self.scorer.scores(files[subject][scale], scale, degradation, noise=noise,
                                   names=names) for subject in self.subjects]
        for region, where in (("whole", "all voxels"), ("mask", "truth above 0")):
            self.add("", f"{title}, {where}", "", "| scale | " + " | ".join(names) + " |",
                     "| --- |" + " --- |" * len(names))
            for scale in scales:
                cells = [self.cell(rows[scale], name, region) for name in names]
                self.add(f"| {text(scale)} | " + " | ".join(cells) + " |")
        self.worst(rows, names)

    def worst(self, rows, names):
        """The smallest gain of any subject and scale."""
        self.add("")
        for name in names[1:]:
            gains = [(row[name]["whole"]["psnr"] - row["cubic"]["whole"]["psnr"], text(scale))
                     for scale, subjects in rows.items() for row in subjects]
            gain, scale = min(gains)
            self.add(f"Smallest gain of {name} on any volume: {gain:+.2f} dB ({scale}).")

    def wrong(self, files):
        names = [name for name in self.scorer.models if name != "inverse"
                 and self.scorer.conditions[name] is not None]
        self.add("", "| model | true psf | given psf | " + " | ".join(map(text, FEW)) + " |",
                 "| --- | --- | --- |" + " --- |" * len(FEW))
        for name in names:
            for degradation in (EXACT, PSF):
                for given in (0, 0.5, 1, 1.5):
                    cells = []
                    for scale in FEW:
                        rows = [self.scorer.scores(files[s][scale], scale, degradation, given,
                                                   names=["cubic", name]) for s in self.subjects]
                        gain, half = interval([
                            row[name]["whole"]["psnr"] - row["cubic"]["whole"]["psnr"]
                            for row in rows])
                        cells.append(f"{gain:+.2f} ± {half:.2f}")
                    self.add(f"| {name} | {degradation.told} | {given:g} | " + " | ".join(cells) + " |")


def noise_floor(path):
    """Noise of a volume as a share of its range: the finest details along all three axes at once.

    By the median of the magnitudes of Haar's diagonal details (Donoho and Johnstone, 1994) within the
    object. A scanner that interpolated its images, or filtered them, left less there than elsewhere.
    """
    voxels = nibabel.load(path).get_fdata(dtype=numpy.float32)
    voxels = voxels[tuple(slice(n // 2 * 2) for n in voxels.shape)]
    inside = voxels > 0
    details = voxels
    for axis in range(3):
        even = numpy.take(details, range(0, details.shape[axis], 2), axis)
        odd = numpy.take(details, range(1, details.shape[axis], 2), axis)
        details = (even - odd) / math.sqrt(2)
        first = numpy.take(inside, range(0, inside.shape[axis], 2), axis)
        inside = first & numpy.take(inside, range(1, inside.shape[axis], 2), axis)
    return float(numpy.median(abs(details[inside])) / 0.6745 / numpy.ptp(voxels))


def scoring_arguments(description):
    """The arguments of every script that scores models on boxes and whole volumes."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("--arssr", default=".build/release/arssr")
    parser.add_argument("--volumes", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--models", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("scores-work"))
    parser.add_argument("--scores", type=pathlib.Path,
                        help="JSON of what was scored before, added to (default: scores.json in --work)")
    parser.add_argument("--threads", default="all")
    parser.add_argument("--few-whole", action="store_true", help="whole volumes at 2, 3, 4 and 1x1x4 only")
    return parser


def scored_volumes(options):
    """Files by volume and scale: boxes, and whole volumes at the scales that were asked for."""
    scales = FEW if options.few_whole else SCALES
    return ({path: boxes(path, options.work, SCALES) for path in options.volumes},
            {path: dict.fromkeys(scales, path) for path in options.volumes}, scales)


def main():
    parser = scoring_arguments(__doc__)
    parser.add_argument("--parts", default="boxes,kspace,blurs,noise,ensemble,wrong,whole")
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    parts = options.parts.split(",")
    scorer = Scorer(options)
    cut, whole, scales = scored_volumes(options)
    report = Report(scorer, options.volumes)
    report.add(
        "# Scores of the models", "", "```sh",
        "make score-models VOLUMES=\"sub-37_T1w.nii.gz ... sub-40_T1w.nii.gz\"", "```", "",
        "Written by that command (`Benchmarks/scores/score_models.py`, which says how boxes are cut), recorded "
        f"on {datetime.date.today()}.",
        f"Volumes: {', '.join(path.name for path in options.volumes)}, none of which was trained or",
        "tuned on. PSNR in dB / SSIM, means over the volumes; gain over cubic interpolation of the same",
        "coarse volume with its 95 % interval (Student's t over the volumes). `inverse`: cubic",
        "interpolation behind the inverse filter alone, lambda 0.01, of the volume mirrored at its faces as the",
        "models see it (`cubic` mirrors at the centres of the outer voxels); judge models by what they gain",
        "beyond it.", "", "Models:", "")
    for name, path in scorer.models.items():
        report.add(f"- `{name}`, SHA-256 {scorer.digests[name]}")
    if "boxes" in parts:
        report.add("", "## Boxes")
        for degradation in (EXACT, PSF):
            report.table(SCALES, cut, degradation)
    if "kspace" in parts:
        report.add("", "## Boxes with k-space cut off")
        report.table(SCALES, cut, KSPACE)
    if "blurs" in parts:
        report.add("", "## Boxes with another blur")
        for degradation, few in ((HALF, FEW), (WIDE, FEW), (UNLIKE, FEW[:3])):
            report.table(few, cut, degradation)
    if "noise" in parts:
        report.add("", "## Boxes with noise")
        for noise in ("1%", "3%"):
            for degradation in (EXACT, PSF):
                report.table(FEW, cut, degradation, noise)
    if "ensemble" in parts:
        report.add("", "## Boxes with `--self-ensemble`", "",
                   f"`{ENSEMBLE}`: the mean over the 8 mirrorings of the input.")
        names = [path.stem for path in options.models
                 if scorer.conditions[path.stem] == "deconvolution"]
        for degradation in (EXACT, PSF):
            report.table(FEW, cut, degradation,
                         names=["cubic", *(name + kind for name in names for kind in ("", ENSEMBLE))])
    if "wrong" in parts:
        report.add("", "## A wrong blur", "",
                   "Gain over cubic interpolation in dB on the boxes, all voxels.")
        report.wrong(cut)
    if "whole" in parts:
        report.add("", "## Whole volumes")
        for degradation in (EXACT, PSF):
            report.table(scales, whole, degradation)
    floors = [noise_floor(path) for path in options.volumes]
    report.add(
        "", "## Noise of the truth", "",
        "Estimated from the finest details along all axes at once (median of Haar's diagonal details",
        "inside the object), as a share of the range: "
        + ", ".join(f"{100 * floor:.2f} %" for floor in floors) + ".",
        "No method can predict it, so no PSNR in the object can be above "
        + ", ".join(f"{-20 * math.log10(floor):.1f}" for floor in floors) + " dB.", "")
    page = "\n".join(report.lines)
    if options.output:
        options.output.write_text(page)
    else:
        sys.stdout.write(page)


if __name__ == "__main__":
    main()
