"""Predicted and measured peak memory of whole runs; writes Documentation/Results/memory.md.

    memory.py --arssr PATH [--output FILE] [--brain VOLUME]
"""
import argparse
import os
import platform
import sys
import tempfile

import nifti_bytes
import published_rdn
from process import Arssr

MIB = 1 << 20
# The prediction may be this much above the measured peak.
ALLOWED = 1.10


def cases(brain):
    """Model, input, options and output of every run; `LIMIT` stands for 85 % of the plan without."""
    for model, edges in [("brain-t1w", (16, 32, 64, 96)), ("rdn", (16, 32, 64))]:
        for edge in edges:
            for threads in (1, 2):
                for ending in ("nii", "nii.gz"):
                    yield model, f"{edge}", ["--threads", threads], ending
            yield model, f"{edge}", ["--exact"], "nii"
            if edge > 32:
                yield model, f"{edge}", ["--max-memory", "LIMIT"], "nii.gz"
    yield "brain-t1w", "64", ["--datatype", "int16"], "nii.gz"
    yield "brain-t1w", "64", ["--scale", "1.5"], "nii.gz"
    yield "brain-t1w", "64", ["--precision", "bfloat16"], "nii.gz"
    yield "brain-t1w", "64", ["--compression", "9"], "nii.gz"
    for method in ("linear", "cubic"):
        yield method, "16", [], "nii.gz"
        yield method, "64", [], "nii.gz"
    yield "brain-t1w", "144x144x90", [], "nii.gz"
    yield "brain-t1w", "144x144x90", ["--max-memory", "LIMIT"], "nii.gz"
    if brain:
        yield "brain-t1w", "brain", ["--threads", 1], "nii"
        yield "brain-t1w", "brain", [], "nii.gz"
        yield "brain-t1w", "brain", ["--background", "compute"], "nii.gz"
        yield "brain-t1w", "brain", ["--exact"], "nii"


def volume(folder, name):
    """Makes the input of a case where it is missing; returns its file name."""
    path = os.path.join(folder, name + ".nii")
    if not os.path.exists(path):
        sizes = [int(part) for part in name.split("x")]
        nifti_bytes.write_volume(path, sizes * 3 if len(sizes) == 1 else sizes)
    return os.path.basename(path)


def measure(arssr, model, name, options, ending):
    """The predicted and the measured peak of a run, and its options in words."""
    chosen = {"brain-t1w": [], "rdn": ["--model", "./rdn.safetensors"]}
    arguments = chosen.get(model, ["--method", model]) + list(map(str, options))
    files = [volume(arssr.folder, name), "out." + ending]
    if "LIMIT" in arguments:
        place = arguments.index("LIMIT")
        free = arguments[: place - 1] + arguments[place + 1 :]
        limit = arssr.planned_bytes(*free, *files) * 85 // 100 // MIB
        arguments[place] = options[options.index("LIMIT")] = f"{limit}M"
    planned = arssr.planned_bytes(*arguments, *files)
    return planned, arssr.upsample(*arguments, *files)["peakBytes"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arssr", required=True, help="the executable")
    parser.add_argument("--output", help="where to write the table; default: print it")
    parser.add_argument("--brain", help="a masked brain, in .nii, to measure with its background")
    options = parser.parse_args()
    lines, worst = [], 1.0
    is_kept = True
    with tempfile.TemporaryDirectory() as folder:
        arssr = Arssr(os.path.abspath(options.arssr), folder)
        published_rdn.write(os.path.join(folder, "rdn.safetensors"))
        if options.brain:
            os.symlink(os.path.abspath(options.brain), os.path.join(folder, "brain.nii"))
        for model, name, arguments, ending in cases(options.brain):
            planned, measured = measure(arssr, model, name, arguments, ending)
            ratio = planned / measured
            is_kept &= 1 <= ratio <= ALLOWED
            worst = max(worst, ratio)
            text = " ".join(map(str, arguments))
            lines.append(
                f"| {model} | {name} | {text} | {ending} | {planned / MIB:.1f} | "
                f"{measured / MIB:.1f} | {ratio:.3f} |")
            print(lines[-1], flush=True)
    verdict = "All are" if is_kept else "NOT all are"
    text = (
        "# Peak memory, predicted and measured\n\n"
        "Of the whole process: what `--dry-run` predicts, and VmHWM at the end of the run, in MiB. "
        "`rdn` has the\npublished size and generated weights; inputs are cubes where one number "
        f"is given. {verdict} between\n1 and {ALLOWED:.2f}; the largest ratio is {worst:.3f}. "
        f"{platform.machine()}, {os.cpu_count()} processors.\n\n"
        "```sh\nBenchmarks/large/memory.sh\n```\n\n"
        "| model | input | options | file | predicted | measured | ratio |\n"
        "| --- | --- | --- | --- | ---: | ---: | ---: |\n" + "\n".join(lines) + "\n")
    if options.output:
        with open(options.output, "w", encoding="utf-8") as file:
            file.write(text)
    sys.exit(0 if is_kept else 1)


if __name__ == "__main__":
    main()
