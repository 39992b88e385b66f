#!/usr/bin/env python3
"""Scores models on heads unlike those that they were trained on, and draws them.

Each volume is a truth: made coarser by `arssr degrade`, brought back by cubic interpolation and by the
models, scored by `arssr evaluate`, as `score_models.py` does it. From the first volume of `--masked`
further truths are made, inside of what is above 0:

- inverted: dark for bright, 1.1 - v of the range
- flat: the square root of v, as weak a contrast as proton density has
- bright rim: the volume with a shell of three voxels around it at 1.5 of the range, as fat around a head

`--draw` names truths whose pictures (input, cubic, model, truth) are kept beside the tables; take volumes
only whose licence allows it. The masked volume itself is drawn with thick slices and with noise. What is
to be said of where the volumes come from stands in the file that `--about` names, and who is to be
credited below a picture behind `--credit`.

Needs nibabel, NumPy and SciPy (Tests/requirements.txt).
"""
import argparse
import pathlib
import subprocess
import typing

import nibabel
import numpy
from scipy import ndimage

from score_models import EXACT, PSF, Degradation, Scorer, text


class Case(typing.NamedTuple):
    """How a truth is made coarser."""
    scale: tuple
    degradation: Degradation
    noise: str | None = None

    @property
    def name(self):
        return f"{text(self.scale)} {self.degradation.name}" + (f", noise {self.noise}" if self.noise else "")

    @property
    def words(self):
        noise = f", Rician noise of {self.noise}" if self.noise else ""
        behind = " behind a blur of one voxel" if any(self.degradation.widths) else ""
        return f"scale {text(self.scale)}{behind}{noise}"


CASES = [Case((2,) * 3, EXACT), Case((2,) * 3, PSF), Case((3,) * 3, PSF), Case((1, 1, 4), PSF),
         Case((2,) * 3, EXACT, "3%")]
BLURRED, THICK, NOISY = CASES[1], CASES[3], CASES[4]


def stem(path):
    return path.name.split(".")[0]


def simulated(path, work):
    """Other contrasts made of one masked volume."""
    image = nibabel.load(path)
    voxels = image.get_fdata(dtype=numpy.float32)
    inside = voxels > 0
    values = voxels / numpy.percentile(voxels[inside], 99.9)
    shell = ndimage.binary_dilation(inside, iterations=3) & ~inside
    made = {
        "inverted": numpy.where(inside, numpy.maximum(1.1 - values, 0), 0),
        "flat": numpy.where(inside, numpy.sqrt(numpy.maximum(values, 0)), 0),
        "bright-rim": numpy.where(shell, 1.5, values),
    }
    files = []
    for name, result in made.items():
        files.append(work / f"{stem(path)}-{name}.nii")
        nibabel.save(nibabel.Nifti1Image(result.astype(numpy.float32), image.affine), files[-1])
    return files


def described(path):
    image = nibabel.load(path)
    size = " x ".join(map(str, image.shape))
    spacing = " x ".join(f"{value:.3g}" for value in image.header.get_zooms()[:3])
    return f"{size} voxels of {spacing} mm"


class Drawing:
    """Pictures as `make demo` draws them."""

    def __init__(self, scorer, model, demo, folder):
        self.scorer = scorer
        self.model = model
        self.demo = demo
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def draw(self, truth, case):
        work = self.scorer.work
        coarse, cubic, result = (work / f"drawn-{name}.nii" for name in ("lr", "cubic", "model"))
        noise = ["--noise", case.noise, "--seed", 1] if case.noise else []
        self.scorer.work_on("degrade", "--force", *case.degradation.words(truth, case.scale), *noise, truth, coarse)
        self.scorer.work_on("upsample", "--force", "--like", truth, "--method", "cubic", coarse, cubic)
        self.scorer.work_on("upsample", "--force", "--like", truth, "--model", self.model,
                            "--psf", case.degradation.told, coarse, result)
        kind = "" if case is BLURRED else "-noise" if case.noise else f"-{text(case.scale)}"
        picture = self.folder / f"{stem(truth)}{kind}.png"
        subprocess.run([self.demo, coarse, cubic, result, truth, picture], check=True, capture_output=True)
        return picture


def table(scorer, truths, region):
    names = [name for name in scorer.models if name != "inverse"]
    yield "| volume | model | " + " | ".join(case.name for case in CASES) + " |"
    yield "| --- | --- |" + " --- |" * len(CASES)
    for truth in truths:
        rows = [scorer.scores(truth, case.scale, case.degradation, noise=case.noise, names=["cubic", *names])
                for case in CASES]
        for name in names:
            cells = []
            for row in rows:
                gain = row[name][region]["psnr"] - row["cubic"][region]["psnr"]
                likeness = row[name][region]["ssim"] - row["cubic"][region]["ssim"]
                cells.append(f"{gain:+.2f} dB, {likeness:+.4f}")
            yield f"| {stem(truth)} | {name} | " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", default=".build/release/arssr")
    parser.add_argument("--demo", default=".build/release/demo")
    parser.add_argument("--masked", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--heads", type=pathlib.Path, nargs="*", default=[])
    parser.add_argument("--draw", nargs="*", default=[])
    parser.add_argument("--about", type=pathlib.Path, help="Markdown on the volumes")
    parser.add_argument("--credit", nargs=2, action="append", default=[], metavar=("TRUTH", "MARKDOWN"))
    parser.add_argument("--models", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("scores-work"))
    parser.add_argument("--threads", default="all")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    scorer = Scorer(options)
    truths = simulated(options.masked[0], options.work) + options.heads
    drawing = Drawing(scorer, options.models[0], options.demo, options.output.parent / "heads")
    lines = [
        "# Heads unlike those of the training", "", "```sh",
        f"make score-heads MASKED={options.masked[0].name} HEADS=\"{' '.join(path.name for path in options.heads)}\"",
        "```", "",
        "Written by that command (`Benchmarks/scores/other_heads.py`, which says how contrasts are simulated).",
        "Gain over cubic interpolation of the same coarse volume: PSNR, and SSIM (window of 7 x 7 x 7).", "",
        "Volumes:", ""]
    lines += [f"- `{stem(path)}`: {described(path)}" for path in truths]
    if options.about:
        lines += ["", *options.about.read_text().splitlines()]
    for region, where in (("whole", "All voxels"), ("mask", "Truth above 0")):
        lines += ["", f"## {where}", "", *table(scorer, truths, region)]
    drawn = [(truth, BLURRED) for truth in truths if stem(truth) in options.draw]
    drawn += [(options.masked[0], case) for case in (THICK, NOISY)]
    lines += ["", "## Pictures", "",
              f"By `{options.models[0].stem}`: input, cubic interpolation, result and truth.", ""]
    for truth, case in drawn:
        picture = drawing.draw(truth, case)
        lines += [f"### {stem(truth)}, {case.words}", "", f"![{stem(truth)}](heads/{picture.name})", ""]
        lines += [line for name, credit in options.credit if name == stem(truth) for line in (credit, "")]
    options.output.write_text("\n".join(lines).rstrip() + "\n")


if __name__ == "__main__":
    main()
