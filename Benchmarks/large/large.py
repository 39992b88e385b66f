"""Runs that are too large for the tests: each prints what was measured against what was asked.

    large.py --arssr PATH [--reduced] [case ...]
"""
import argparse
import os
import statistics
import sys
import tempfile

import nifti_bytes
import published_rdn
from process import Arssr

GIB = 1 << 30
MIB = 1 << 20


def within(name, measured, asked, unit):
    """Prints one line; whether the figure is small enough."""
    verdict = "ok" if measured <= asked else "MISSED"
    print(f"{name:58}{measured:10.3f} {unit:4} asked {asked:8.3f} {unit:4} {verdict}", flush=True)
    return measured <= asked


def volume(arssr, size):
    """Makes a volume without background; returns its name."""
    name = "x".join(map(str, size)) + ".nii"
    path = os.path.join(arssr.folder, name)
    if not os.path.exists(path):
        nifti_bytes.write_volume(path, size)
    return name


def start(arssr, _):
    """Start-up, and a small volume end to end with the default model."""
    small = volume(arssr, (16, 16, 16))
    walls = [arssr.upsample(small, "start.nii.gz")["wall"] for _ in range(5)]
    return [
        within("arssr --version", 1000 * arssr.start_seconds(21), 20, "ms"),
        within("16 x 16 x 16, scale 2, whole process", statistics.median(walls), 0.5, "s"),
    ]


def flat(arssr, reduced):
    """Time per voxel of the result, encoder and decoder, over sizes; default model."""
    edges = [32, 48, 64] if reduced else [32, 64, 128, 192, 256]
    rates = {}
    for edge in edges:
        name = volume(arssr, (edge,) * 3)
        seconds = []
        # Small ones often: a sample of some milliseconds is what the neighbours leave of it.
        for _ in range(max(3, 448 // edge)):
            item = arssr.upsample(name, "flat.nii")
            seconds.append(item["seconds"]["encode"] + item["seconds"]["decode"])
        rates[edge] = 1e9 * statistics.median(seconds) / (2 * edge) ** 3
        print(f"  to {2 * edge}^3: {rates[edge]:.1f} ns per voxel", flush=True)
    spread = 100 * (max(rates.values()) / min(rates.values()) - 1)
    name = f"time per voxel, {2 * edges[0]}^3 to {2 * edges[-1]}^3, slowest over fastest"
    return [within(name, spread, 10, "%")]


def limited(arssr, reduced):
    """A large volume within 1 GiB, default model."""
    size, limit = ((72, 72, 45), 96 * MIB) if reduced else ((288, 288, 181), GIB)
    name = volume(arssr, size)
    item = arssr.upsample("--scale", 1.5, "--max-memory", limit, name, "limited.nii.gz")
    print(f"  {item['seconds']['total']:.1f} s", flush=True)
    text = " x ".join(map(str, size)) + ", scale 1.5, default model, peak"
    return [within(text, item["peakBytes"] / MIB, limit / MIB, "MiB")]


def rdn(arssr, reduced):
    """The published RDN on a large volume within 3 GiB: minutes to hours."""
    model = os.path.join(arssr.folder, "rdn.safetensors")
    if not os.path.exists(model):
        published_rdn.write(model)
    size, limit = ((64, 64, 45), 448 * MIB) if reduced else ((256, 256, 180), 3 * GIB)
    name = volume(arssr, size)
    item = arssr.upsample(
        "--model", model, "--scale", 2, "--max-memory", limit, name, "rdn.nii.gz")
    print(f"  {item['seconds']['total']:.1f} s", flush=True)
    text = " x ".join(map(str, size)) + ", scale 2, RDN, peak"
    return [within(text, item["peakBytes"] / MIB, limit / MIB, "MiB")]


CASES = {"start": start, "flat": flat, "limited": limited, "rdn": rdn}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arssr", required=True, help="the executable")
    parser.add_argument(
        "--reduced", action="store_true", help="small sizes and limits: does it all work?")
    parser.add_argument("cases", nargs="*", metavar="case", help=", ".join(CASES) + "; default all")
    options = parser.parse_args()
    for case in options.cases:
        if case not in CASES:
            parser.error(f"{case}: must be one of {', '.join(CASES)}")
    with tempfile.TemporaryDirectory() as folder:
        arssr = Arssr(os.path.abspath(options.arssr), folder)
        met = []
        for case in options.cases or CASES:
            met += CASES[case](arssr, options.reduced)
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
