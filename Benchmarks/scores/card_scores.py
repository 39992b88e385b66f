#!/usr/bin/env python3
"""Puts the scores of `score_models.py` into the cards of Models/README.md: the table below each model's name.

Scores that are not in --scores yet are computed, as `score_models.py` computes them.
"""
import pathlib

from score_models import (EXACT, FEW, HALF, KSPACE, PSF, SCALES, UNLIKE, WIDE, Report, Scorer, scored_volumes,
                          scoring_arguments, text)

HEAD = "| volumes | scale | cubic | inverse filter alone |"


def groups(cut, whole, parts, scales):
    """What the rows are called, how their volumes come about, and the volumes by subject and scale."""
    yield "boxes, point samples", EXACT, SCALES, cut
    yield "boxes, blurred", PSF, SCALES, cut
    if "kspace" in parts:
        yield "boxes, k-space cut off", KSPACE, SCALES, cut
    if "blurs" in parts:
        yield "boxes, blur of half a voxel", HALF, FEW, cut
        yield "boxes, blur of 1.5 voxels", WIDE, FEW, cut
        yield "boxes, blur of 0.5, 1 and 1.5 voxels", UNLIKE, FEW[:3], cut
    yield "whole, point samples", EXACT, scales, whole
    yield "whole, blurred", PSF, scales, whole


def table(scorer, subjects, model, rows_of):
    report = Report(scorer, subjects)
    names = ["cubic", "inverse", model]
    lines = [f"{HEAD} `{model}` |", "| --- |" + " --- |" * 4]
    for title, degradation, scales, files in rows_of:
        for scale in scales:
            rows = [scorer.scores(files[subject][scale], scale, degradation, names=names) for subject in subjects]
            cells = [report.cell(rows, name, "whole") for name in names]
            lines.append(f"| {title} | {text(scale)} | " + " | ".join(cells) + " |")
    return lines


def replaced(lines, model, rows):
    """A page with another table below the heading of a model."""
    first = lines.index(HEAD + f" `{model}` |", lines.index(f"# {model}"))
    last = next(index for index in range(first, len(lines)) if not lines[index].startswith("|"))
    return lines[:first] + rows + lines[last:]


def main():
    parser = scoring_arguments(__doc__)
    parser.set_defaults(scores=pathlib.Path("Documentation/Results/models.json"))
    parser.add_argument("--parts", default="kspace,blurs", help="what else than boxes and whole volumes")
    parser.add_argument("--cards", type=pathlib.Path, default=pathlib.Path("Models/README.md"))
    options = parser.parse_args()
    scorer = Scorer(options)
    cut, whole, scales = scored_volumes(options)
    lines = options.cards.read_text().split("\n")
    for path in options.models:
        rows_of = groups(cut, whole, options.parts.split(","), scales)
        lines = replaced(lines, path.stem, table(scorer, options.volumes, path.stem, rows_of))
    options.cards.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
