#!/usr/bin/env python3
"""Measures what a related network of scale 2 gains over a cubic spline, and what orientations add.

  Scripts/related-figures.py ARSSR MODEL VOLUME.nii.gz ... [--sigma S ...] [--ensemble]

Each volume is cut to a box around the head's centre, made coarser as the deepBrain project does it (a
Gaussian of S voxels, then a corner-aligned cubic spline, factor 2), and made finer again by the spline and
by the network. PSNR over the inner cube, by the largest intensity of the volume.
Standard library only.
"""
import argparse
import array
import gzip
import json
import os
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nifti_bytes import header_bytes  # noqa: E402


def read(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        data = file.read()
    size = struct.unpack_from("<3h", data, 42)
    kind = struct.unpack_from("<h", data, 70)[0]
    spacing = struct.unpack_from("<3f", data, 80)
    start = int(struct.unpack_from("<f", data, 108)[0])
    if kind != 16:
        sys.exit(f"{path}: float32 is needed")
    return size, spacing, array.array("f", data[start : start + 4 * size[0] * size[1] * size[2]])


def write(path, size, spacing, voxels):
    with open(path, "wb") as file:
        file.write(header_bytes(size, spacing))
        file.write(voxels.tobytes())


def centre(size, voxels):
    """The middle of what is above a tenth of the largest intensity."""
    limit = max(voxels) / 10
    low, high = list(size), [0, 0, 0]
    for k in range(0, size[2], 2):
        for j in range(0, size[1], 2):
            row = voxels[(k * size[1] + j) * size[0] : (k * size[1] + j + 1) * size[0]]
            bright = [i for i, value in enumerate(row) if value > limit]
            if bright:
                for axis, (first, last) in enumerate(((bright[0], bright[-1]), (j, j), (k, k))):
                    low[axis], high[axis] = min(low[axis], first), max(high[axis], last)
    return [(first + last) // 2 for first, last in zip(low, high)]


def cube(size, voxels, side):
    """The cube of `side` voxels around the centre, inside the volume."""
    middle = centre(size, voxels)
    first = [min(max(m - side // 2, 0), n - side) for m, n in zip(middle, size)]
    result = array.array("f")
    for k in range(side):
        for j in range(side):
            start = ((first[2] + k) * size[1] + first[1] + j) * size[0] + first[0]
            result.extend(voxels[start : start + side])
    return result


def inner_mask(side, inner):
    edge = (side - inner) // 2
    inside = range(edge, side - edge)
    return array.array(
        "f",
        (
            float(i in inside and j in inside and k in inside)
            for k in range(side)
            for j in range(side)
            for i in range(side)
        ),
    )


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stderr}")
    return done.stdout


def figures(options, path, sigma, folder):
    size, spacing, voxels = read(path)
    names = {name: os.path.join(folder, name + ".nii") for name in ("hr", "lr", "mask", "spline")}
    largest = max(voxels)
    shape = (options.box,) * 3
    write(names["hr"], shape, spacing, cube(size, voxels, options.box))
    write(names["mask"], shape, spacing, inner_mask(options.box, options.inner))
    degrade = ["--operator", "corner", "--scale", "2", *(["--sigma", sigma] if float(sigma) else [])]
    run(options.arssr, "degrade", "-q", "--force", *degrade, names["hr"], names["lr"])
    common = ["upsample", "-q", "--force", "--like", names["hr"]]
    run(options.arssr, *common, "--method", "cubic", names["lr"], names["spline"])
    ways = {"network": []}
    if options.ensemble:
        ways["8 mirrorings"] = ["--self-ensemble"]
        ways["48 orientations"] = ["--self-ensemble", "--permutations"]
    for name, words in ways.items():
        names[name] = os.path.join(folder, name.replace(" ", "-") + ".nii")
        words = [*common, "--model", options.model, "--background", "compute", *words]
        run(options.arssr, *words, names["lr"], names[name])
    results = ["spline", *ways]
    report = json.loads(
        run(
            options.arssr, "evaluate", "--format", "json", "--metrics", "psnr",
            "--range", f"fixed:0,{largest}", "--mask", names["mask"],
            *[names[name] for name in results], names["hr"],
        )
    )
    scores = [item["psnr"] for item in report["items"] if item["region"] == "mask"]
    return dict(zip(results, scores))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("arssr")
    parser.add_argument("model")
    parser.add_argument("volumes", nargs="+")
    parser.add_argument("--sigma", nargs="+", default=["1"])
    parser.add_argument("--ensemble", action="store_true")
    parser.add_argument("--box", type=int, default=96, help="voxels a side of what is cut out")
    parser.add_argument("--inner", type=int, default=64, help="voxels a side of what is scored")
    options = parser.parse_args()
    lines = []
    for path in options.volumes:
        for sigma in options.sigma:
            with tempfile.TemporaryDirectory(prefix="arssr-related-") as folder:
                scores = figures(options, path, sigma, folder)
            texts = [f"{score:.3f} ({score - scores['spline']:+.3f})" for score in scores.values()]
            if not lines:
                lines += [["volume", "sigma", *scores], ["---"] * (2 + len(scores))]
            lines.append([os.path.basename(path).split(".")[0], sigma, *texts])
            print("| " + " | ".join(lines[-1]) + " |", file=sys.stderr, flush=True)
    for line in lines:
        print("| " + " | ".join(line) + " |")


if __name__ == "__main__":
    main()
