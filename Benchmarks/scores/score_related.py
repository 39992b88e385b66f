#!/usr/bin/env python3
"""Scores related networks and filters on whole held-out volumes, each on its own kind of coarse volume.

Every volume is cut to even numbers of voxels, made coarser by 2 by `arssr degrade`, brought back by `arssr
upsample` and scored by `arssr evaluate` where the truth is above 0. A model is scored on the coarse volumes
that its publication inverts, beside cubic interpolation and the default model, which is told of the blur.
Seconds are those of the whole command with its files, uncompressed: the median over the volumes. What was
scored before is taken from WORK/scores.json.

Networks with a guide get a second contrast that make_guides.py makes from the truth. Needs nibabel and NumPy
(Tests/requirements.txt).
"""
import argparse
import json
import pathlib
import re
import statistics
import time

import nibabel

import make_guides
from scored_runs import ScoredRuns

# Title, words of degrade, blur that the default model is told of. A Gaussian with a standard deviation of one
# voxel of the truth is 2.3548 / 2 voxels of the coarse volume wide at half its height.
GROUPS = [
    ("Gaussian of 1 voxel, spline between corners", ["corner", "--sigma", "1"], "1.1774"),
    ("Spline between corners, no blur", ["corner"], "0"),
    ("Every second voxel", ["origin"], "0"),
    ("Quadratic spline without prefilter", ["quadratic"], "0"),
]
DEFAULT = "brain-t1w"
MODELS = pathlib.Path(__file__).resolve().parents[2] / "Models"


class Scorer(ScoredRuns):
    """Scores models of one scale, each on the coarse volumes that it inverts."""

    def __init__(self, options):
        super().__init__(options)
        self.models = {path.stem: path for path in options.models}
        self.told = {name: self.information(path) for name, path in self.models.items()}
        self.default = options.default
        self.digests = {name: told["sha256"] for name, told in self.told.items()}
        self.digests[DEFAULT] = self.information(self.default)["sha256"]

    def names(self, words):
        """Models that undo this way of making volumes coarser, by their cards."""
        return [name for name, told in self.told.items() if way(told) == " ".join(words)]

    def truth(self, path):
        """The volume with even numbers of voxels, and its guide."""
        image = nibabel.load(path)
        parts = tuple(slice(n // 2 * 2) for n in image.shape)
        truth = self.work / "truth_T1w.nii"
        nibabel.save(image.slicer[parts], truth)
        nibabel.save(make_guides.guide(path).slicer[parts], self.work / "truth_T2w.nii")
        return truth

    def scores(self, path, words, blur, names):
        """PSNR, SSIM and seconds by method."""
        ways = {
            "cubic": ["--method", "cubic"],
            DEFAULT: ["--model", self.default, "--psf", blur],
        }
        ways.update({name: ["--model", self.models[name]] for name in names})
        keys = {
            name: " ".join([path.name, *words, name, self.digests.get(name, ""), self.threads])
            for name in ways}
        return self.remembered(
            keys, lambda missing: self.computed(path, words, {n: ways[n] for n in missing}))

    def computed(self, path, words, ways):
        truth, coarse = self.truth(path), self.work / "coarse.nii"
        self.work_on("degrade", "--force", "--scale", 2, "--crop", "--operator", *words, truth, coarse)
        results, seconds = {}, {}
        for name, how in ways.items():
            if self.told.get(name, {}).get("kind") == "srrecnn3d-multi":
                how = [*how, "--guide", self.work / "truth_T2w.nii"]
            results[name] = self.work / f"{name}.nii"
            start = time.monotonic()
            self.work_on("upsample", "--force", "--like", truth, *how, coarse, results[name])
            seconds[name] = time.monotonic() - start
        items = self.foreground_report(results.values(), truth)
        inside = {item["result"]: item for item in items if item["region"] == "mask"}
        return {
            name: {"psnr": inside[str(result)]["psnr"], "ssim": inside[str(result)]["ssim"],
                   "seconds": seconds[name]} for name, result in results.items()}


def way(told):
    """The words of degrade in a model's card, such as `corner --sigma 1`."""
    if told["kind"] == "gradfilter":
        return "quadratic"
    text = (told.get("card") or {}).get("degradation") or ""
    found = re.search(r"--operator (\w+)( --sigma [\d.]+)?", text)
    return found.group(0).removeprefix("--operator ") if found else ""


def training(told):
    """How a model of this program was trained, by its card."""
    card = told.get("card") or {}
    text = card.get("training")
    if not text:
        return "-"
    record = json.loads(text)
    return f"{record['step']} steps" if "step" in record else f"{record['volumes']} volumes, filters"


def row(name, rows, told):
    mean = {key: statistics.mean(scores[name][key] for scores in rows) for key in ("psnr", "ssim")}
    gains = [scores[name]["psnr"] - scores["cubic"]["psnr"] for scores in rows]
    gain = "" if name == "cubic" else (
        f"**{statistics.mean(gains):+.2f}** ({min(gains):+.2f} to {max(gains):+.2f})")
    seconds = statistics.median(scores[name]["seconds"] for scores in rows)
    how = training(told[name]) if name in told else ""
    return (f"| `{name}` | {mean['psnr']:.2f} | {mean['ssim']:.4f} | {gain} | {seconds:.1f} "
            f"| {how} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", default=".build/release/arssr")
    parser.add_argument("--volumes", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--models", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--default", type=pathlib.Path, default=MODELS / f"{DEFAULT}.safetensors")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("scores-work/related"))
    parser.add_argument("--threads", default="all")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    scorer = Scorer(options)
    groups = [(*group, scorer.names(group[1])) for group in GROUPS]
    groups = [group for group in groups if group[-1]]
    scores = {title: [] for title, *_ in groups}
    for path in options.volumes:
        for title, words, blur, names in groups:
            scores[title].append(scorer.scores(path, words, blur, names))
            print(path.name, title, json.dumps(scores[title][-1]), flush=True)
    shape = nibabel.load(options.volumes[0]).shape
    size = " x ".join(str(n // 2 * 2) for n in shape)
    lines = [
        "# Scores of related systems", "", "```sh",
        'make score-related MODELS="srrecnn3d.safetensors ..." VOLUMES="sub-37_T1w.nii.gz ..."',
        "```", "", "Written by that command (`Benchmarks/scores/score_related.py`). Whole volumes of "
        f"{size} voxels from half", "the resolution: "
        + ", ".join(path.name.split("_")[0] for path in options.volumes)
        + ", on which nothing was trained. Means over the volumes where", "the truth is above 0; gain "
        "over cubic interpolation of the same coarse volume with its least and greatest;",
        f"seconds of the whole command, threads: {options.threads}, median. Rows of different tables "
        "must not be compared: the coarse", "volumes differ.", ""]
    for title, words, _, names in groups:
        lines += [f"## {title}", "", f"`arssr degrade --scale 2 --operator {' '.join(words)}`", "",
                  "| method | PSNR, dB | SSIM | gain, dB | s | trained for |",
                  "| --- | ---: | ---: | --- | ---: | --- |"]
        lines += [row(name, scores[title], scorer.told)
                  for name in ("cubic", DEFAULT, *names)]
        lines.append("")
    if any(told["kind"] == "srrecnn3d-multi" for told in scorer.told.values()):
        lines += [
            "The guide of `srrecnn3d-multi` is no second scan: it is the truth's own contrast turned round, with noise",
            "of 5 % (`Benchmarks/scores/make_guides.py`), because ds002748 has none. A scan of its own would be less",
            "well registered and show other edges.", ""]
    options.output.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
