#!/usr/bin/env python3
"""The publication's comparison over scales, for the models and methods that exist.

Every volume is made coarser by each operator and scale, brought back by each contender and scored by
`arssr evaluate`. One JSON file per operator, scale and volume stays in --work; those that are there are
not computed again, so a run goes on where it was stopped. At the end the tables are written.

Standard library only.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

SCALES = ["2", "2.5", "3", "3.5", "4"]
# Point samples between the outer voxel centres, as the published networks were trained; and a slice profile
# of the width of a voxel, as scanners have it.
OPERATORS = {"corner": "point samples, corner-aligned", "psf": "Gaussian slice profile, cell-centred"}
METRICS = ["psnr", "ssim", "hfen", "nrmse", "dice", "psi", "lpcsi"]
DECIMALS = {"psnr": 2}


def volumes(folder, subjects):
    """Paths of the subjects' volumes, in order."""
    names = sorted(name for name in os.listdir(folder) if name.endswith((".nii", ".nii.gz")))
    chosen = [name for name in names if any(name.startswith(subject) for subject in subjects)]
    if not chosen:
        sys.exit(f"{folder}: no volumes of {', '.join(subjects)}")
    return [os.path.join(folder, name) for name in chosen]


def score(options, operator, scale, volume):
    """The report of one volume, computed or from an earlier run."""
    name = os.path.basename(volume).split(".")[0]
    place = os.path.join(options.work, f"{operator}-{scale}-{name}.json")
    if not os.path.exists(place):
        words = [options.arssr, "evaluate", "--quiet", "--truth", volume, "--operator", operator,
                 "--scale", scale, "--mask", "foreground", "--slices", "nonempty",
                 "--metrics", ",".join(METRICS), "--output", place]
        for model in options.model:
            words += ["--model", model]
        for method in options.method:
            words += ["--method", method]
        print(f"{operator}, scale {scale}, {name}", flush=True)
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    with open(place, encoding="utf-8") as file:
        return json.load(file)


def values(reports, contender, metric):
    """The contender's scores, inside the mask where the metric knows one."""
    found = []
    for report in reports:
        chosen = {item["region"]: item for item in report["items"] if item["result"] == contender}
        region = "mask" if metric in chosen["mask"] else "whole"
        found.append(float(chosen[region][metric]))
    return found


def table(reports_of, contenders, metric):
    """Rows are contenders, columns scales; means over volumes."""
    lines = ["| " + " | ".join(["", *(f"x{scale}" for scale in SCALES)]) + " |",
             "| --- |" + " --- |" * len(SCALES)]
    decimals = DECIMALS.get(metric, 4)
    for contender in contenders:
        cells = [f"{statistics.fmean(values(reports_of[scale], contender, metric)):.{decimals}f}"
                 for scale in SCALES]
        lines.append(f"| {contender} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine(report):
    described = report["machine"]
    return f"{described['cpu']}, {described['threads']} threads, {described['isa']}"


def document(options, results, contenders, names):
    """The page of results."""
    first = next(iter(results.values()))[SCALES[0]][0]
    parts = [
        "# The protocol over scales",
        f"`make reproduce` with {', '.join(contenders)} on {', '.join(names)}: degraded, brought back at the "
        "truth's voxel centres, scored where the truth is above 0 (dice, psi and lpcsi: over the whole volume; "
        "psi and lpcsi over slices that meet the mask; dice of the built-in three-tissue segmentation). Means over "
        f"the volumes. arssr {first['version']}, {machine(first)}.",
    ]
    for operator, title in OPERATORS.items():
        parts.append(f"## {title} (`--operator {operator}`)")
        for metric in METRICS:
            parts.append(f"### {metric}{' (dB)' if metric == 'psnr' else ''}")
            parts.append(table(results[operator], contenders, metric))
            truth = [s["truth"]["meanOfNonEmpty"] for report in results[operator][SCALES[0]]
                     for s in report["items"][0]["slices"] if s["metric"] == metric and s["truth"]]
            if truth:
                parts.append(f"Truth: {statistics.fmean(float(value) for value in truth):.4f}.")
    return "\n\n".join(parts) + "\n"


def main():
    repository = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    results_folder = os.path.join(repository, "Documentation", "Results", "reproduce")
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command")
    parser.add_argument("--data", required=True, help="folder with the volumes")
    parser.add_argument("--subjects", default="sub-37,sub-38,sub-39,sub-40")
    parser.add_argument("--model", action="append", default=[], help="a model (default: brain-t1w)")
    parser.add_argument("--method", action="append", default=[], help="a method (default: cubic)")
    parser.add_argument("--work", default=os.path.join(repository, ".build", "reproduce"))
    parser.add_argument("--output", default=results_folder)
    options = parser.parse_args()
    options.model = options.model or ["brain-t1w"]
    options.method = options.method or ["cubic"]
    os.makedirs(options.work, exist_ok=True)
    os.makedirs(options.output, exist_ok=True)
    paths = volumes(options.data, options.subjects.split(","))
    results = {
        operator: {scale: [score(options, operator, scale, path) for path in paths]
                   for scale in SCALES}
        for operator in OPERATORS
    }
    names = [os.path.basename(path).split(".")[0] for path in paths]
    place = os.path.join(options.output, "README.md")
    with open(place, "w", encoding="utf-8") as file:
        file.write(document(options, results, options.model + options.method, names))
    print(f"wrote {os.path.relpath(place)}")


if __name__ == "__main__":
    main()
