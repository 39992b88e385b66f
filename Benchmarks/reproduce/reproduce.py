#!/usr/bin/env python3
"""The publication's comparison over scales, for the models and methods that exist.

    reproduce.py --arssr PATH --volumes FOLDER|FILE ... [--model [LABEL=]MODEL[@OPERATOR][@SCALE]] ...

Every volume is made coarser by each operator and scale, brought back by each contender and scored by
`arssr evaluate`. What was scored is kept in --work by the checksums of volume and model, so a run goes on
where it was stopped, and a further model costs its own time only. Cases run side by side, one thread each,
which keeps the cores busier than the threads of one. At the end tables, charts and all scores are written to
--output, and a report of one volume to --work.

Standard library only.
"""
import argparse
import os
import sys

from cases import Cases
from charts import chart
from contenders import OPERATORS, SCALES, USUAL, of_file, of_method, of_model
from example import write_example
from tables import SCORES, Scores, gains, table, write_csv

SUBJECTS = ["sub-37", "sub-38", "sub-39", "sub-40"]


def volumes(places, subjects):
    """The files named, and of folders those of the subjects, in order."""
    found = []
    for place in places:
        if not os.path.isdir(place):
            found.append(place)
            continue
        names = sorted(name for name in os.listdir(place) if name.endswith((".nii", ".nii.gz")))
        found += [os.path.join(place, name) for name in names
                  if any(name.startswith(subject) for subject in subjects)]
    if not found:
        sys.exit(f"{', '.join(places)}: no volumes of {', '.join(subjects)}")
    return found


def document(options, scores, operators, example):
    """The page of results."""
    case = next(iter(scores.cases.values()))
    names = [os.path.basename(path).split(".")[0] for path in options.volumes]
    parts = [
        "# The protocol over scales",
        f"`make reproduce` on {', '.join(names)}: degraded, brought back at the truth's voxel centres, scored. "
        f"Mean ± standard deviation over the {len(names)} volumes. arssr {case['version']}, "
        f"{case['machine']['cpu']}, {case['machine']['isa']}. Models are told the operator's blur where they ask "
        "for it; a constant background is kept, as `upsample` does. Scores are taken where the truth is above 0, "
        "but for those named: whole volumes are 5 to 10 dB better, because most of them is background.",
        "All scores of all volumes: [`scores.csv`](scores.csv). A page with pictures of one volume is written "
        f"to `{os.path.basename(example)}` of the work folder.",
        "## Contenders",
        "\n".join(["| | SHA-256, or method | operators | scales |", "| --- | --- | --- | --- |"] + [
            f"| {contender.label} | `{contender.identity[:16]}` | {', '.join(contender.operators)} | "
            f"{', '.join(contender.scales)} |" for contender in scores.contenders]),
    ]
    for metric, (name, unit, _, _, region) in SCORES.items():
        if metric not in options.metrics:
            continue
        picture = chart(
            scores, {key: (OPERATORS[key][1], scales) for key, scales in operators.items()}, metric)
        if picture is None:
            continue
        with open(os.path.join(options.output, f"{metric}.svg"), "w", encoding="utf-8") as file:
            file.write(picture)
        parts += [f"## {name}{f' ({unit})' if unit else ''}", f"![{name} over scales]({metric}.svg)"]
        for operator, scales in operators.items():
            title = OPERATORS[operator][1]
            where = "where the truth is above 0" if region == "mask" else "whole volume"
            parts += [f"{title[0].upper()}{title[1:]} (`{' '.join(OPERATORS[operator][0])}`), {where}:",
                      table(scores, operator, scales, metric)]
            if metric in ("psnr", "ssim"):
                parts += ["Over all voxels:",
                          table(scores, operator, scales, metric, region="whole")]
            if metric == "psnr":
                more = gains(scores, operator, scales, metric, "cubic")
                parts += ["Beyond cubic interpolation (least and most of a volume):", more] if more else []
    return "\n\n".join(parts) + "\n"


def arguments():
    repository = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command")
    parser.add_argument("--volumes", required=True, nargs="+", help="volumes, or folders of them")
    parser.add_argument("--subjects", default=",".join(SUBJECTS),
                        help="beginnings of the names that are taken of folders (default: %(default)s)")
    parser.add_argument("--model", action="append", default=[], metavar="[LABEL=]MODEL[@OPERATOR][@SCALE]",
                        help="a model by name or file, for all cases or some; one label may have several "
                        "(default: brain-t1w)")
    parser.add_argument("--models", metavar="FILE", help="more of them, one a line")
    parser.add_argument("--method", action="append", default=[], help="a method (default: cubic)")
    parser.add_argument("--operators", default=",".join(USUAL),
                        help=f"of {', '.join(OPERATORS)} (default: %(default)s, and what models name)")
    parser.add_argument("--scales", default=",".join(SCALES), help="(default: %(default)s)")
    parser.add_argument("--lpips", default="alex", choices=["alex", "vgg"])
    parser.add_argument("--lpips-weights", help="torchvision's weights; without them no LPIPS")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(),
                        help="cases at a time; about 1.5 GiB each (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="of each (default: %(default)s)")
    parser.add_argument("--work", default=os.path.join(repository, ".build", "reproduce"))
    parser.add_argument("--output",
                        default=os.path.join(repository, "Documentation", "Results", "reproduce"))
    return parser.parse_args()


def main():
    options = arguments()
    options.arssr = os.path.abspath(options.arssr)
    options.volumes = volumes(options.volumes, options.subjects.split(","))
    usual = options.operators.split(",")
    texts = options.model + (of_file(options.models) if options.models else [])
    contenders = [of_method(name) for name in options.method or ["cubic"]]
    contenders += [of_model(text, options.arssr) for text in texts or ["brain-t1w"]]
    operators = {}
    for key in OPERATORS:
        scales = [scale for scale in SCALES if scale in options.scales.split(",") and (
            key in usual or any(key in one.named and scale in one.scales for one in contenders))]
        if scales:
            operators[key] = scales
    os.makedirs(options.work, exist_ok=True)
    os.makedirs(options.output, exist_ok=True)
    cases = Cases(options, contenders)
    options.metrics = cases.metrics
    scores = Scores(cases.run(operators), contenders, options.volumes)
    write_csv(os.path.join(options.output, "scores.csv"), scores)
    shown = "psf" if "psf" in operators else next(iter(operators))
    example = write_example(options, scores, shown, operators[shown][0])
    text = document(options, scores, operators, example)
    place = os.path.join(options.output, "README.md")
    with open(place, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"wrote {os.path.relpath(place)}, scores.csv and charts beside it, {os.path.relpath(example)}")


if __name__ == "__main__":
    main()
