#!/usr/bin/env python3
"""Measures SRReCNN3D (10 layers, 64 channels) in arssr beside PyTorch on a whole volume.

The weights are generated unless a model is given; the time does not depend on them. Both read the same
volume and weights with the same number of threads, by turns, and their results are compared. arssr's
time is the whole command with reading, interpolating, checking and writing; PyTorch's the network alone.
"""
import argparse
import datetime
import json
import math
import os
import sys
import tempfile

import numpy
from nifti_bytes import write_volume
from peers.machine import first_line, output_of, processor

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
RESULT = os.path.join(REPOSITORY, "Documentation", "Results", "related-speed.md")
MODES = ("contiguous", "channels_last_3d", "compiled", "compiled_channels_last_3d")
MACS = 888_192
SEED = 1


def measure_arssr(options, volume, model, output, exact=False):
    command = [options.arssr, "upsample", "--format", "json", "--force", "--quiet"]
    command += ["--background", "compute", "--threads", str(options.threads), "--model", model]
    command += ["--scale", str(options.scale), *(["--exact"] if exact else []), volume, output]
    report = json.loads(output_of(command))
    item = report["items"][0]
    return {
        "seconds": item["seconds"]["total"],
        "peakBytes": item["peakBytes"],
        "isa": report["machine"]["isa"],
    }, command


def measure_torch(options, volume, model, mode, output):
    command = [sys.executable, os.path.join(HERE, "measure_related.py"), "run", volume, model]
    command += [str(options.scale), str(options.threads), mode, output]
    return json.loads(output_of(command))


def difference(volume, ours, theirs):
    """Largest difference of the results over the range of PyTorch's."""
    with open(volume, "rb") as file:
        voxels = numpy.frombuffer(file.read()[352:], "<f4")
    expected = numpy.maximum(numpy.load(theirs) * voxels.max(), voxels.min())
    with open(ours, "rb") as file:
        actual = numpy.frombuffer(file.read()[352:], "<f4").reshape(expected.shape)
    return float(numpy.abs(actual - expected).max() / (expected.max() - expected.min()))


def report(options, runs, errors, command, version):
    def best(name):
        return min(run["seconds"] for run in runs[name])

    size = [round(count * options.scale) for count in options.size]
    macs = MACS * math.prod(size)
    fastest = min(best(name) for name in MODES)
    rows = "\n".join(
        f"| {name} | {best(name):.1f} | {2e-9 * macs / best(name):.0f} "
        f"| {min(run['peakBytes'] for run in samples) / 2**30:.2f} "
        f"| {', '.join(format(run['seconds'], '.1f') for run in samples)} |"
        for name, samples in runs.items()
    )
    shown = " ".join(os.path.basename(word) if os.path.isabs(word) else word for word in command)
    return f"""# SRReCNN3D beside PyTorch

Written by `Benchmarks/compare/related.sh` on {datetime.date.today().isoformat()}. LR \
{" x ".join(map(str, options.size))} to {" x ".join(map(str, size))} voxels, 10 layers of 64 channels, \
float32, {options.threads} threads each, by turns.

Machine: {processor()}, {os.cpu_count()} hardware threads. {first_line([options.arssr, "--version"])}; \
instruction set {runs["arssr"][0]["isa"]}; PyTorch {version} (CPU).

| best of {options.runs} runs | seconds | GFLOP/s of the direct method | peak memory, GiB | all runs, s |
| --- | ---: | ---: | ---: | --- |
{rows}

- arssr is {fastest / best("arssr"):.2f} times as fast as PyTorch's best row, on its exact path \
{fastest / best("arssr --exact"):.2f} times. Its time is the
  whole command; PyTorch's is the network alone, after a first run.
- Largest difference to PyTorch's result: {errors["arssr"]:.1e} of the range, on the exact path \
{errors["arssr --exact"]:.1e}.

Command: `{shown}`
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True)
    parser.add_argument("--model", help="a safetensors file; generated weights where none is given")
    parser.add_argument("--output", default=RESULT, help="where the report goes")
    parser.add_argument("--size", type=int, nargs=3, default=(64, 80, 60), metavar="N")
    parser.add_argument("--scale", type=float, default=2)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="arssr-related-") as folder:
        volume = os.path.join(folder, "lr.nii")
        model = options.model or os.path.join(folder, "srrecnn3d.safetensors")
        ours, theirs = os.path.join(folder, "hr.nii"), os.path.join(folder, "hr.npy")
        write_volume(volume, options.size)
        if not options.model:
            script = os.path.join(HERE, "measure_related.py")
            output_of([sys.executable, script, "weights", model, "10", str(SEED)])
        runs = {"arssr": [], "arssr --exact": [], **{mode: [] for mode in MODES}}
        errors, version = {}, ""
        for number in range(options.runs):
            for mode in MODES:
                runs[mode].append(measure_torch(options, volume, model, mode, theirs))
                version = runs[mode][-1]["torch"]
                print(f"run {number + 1}: {mode} {runs[mode][-1]['seconds']:.1f} s", flush=True)
            for name in "arssr --exact", "arssr":
                run, command = measure_arssr(
                    options, volume, model, ours, exact=name.endswith("exact")
                )
                runs[name].append(run)
                errors[name] = difference(volume, ours, theirs)
                print(f"run {number + 1}: {name} {run['seconds']:.1f} s", flush=True)
        text = report(options, runs, errors, command, version)
    with open(options.output, "w", encoding="utf-8") as file:
        file.write(text)
    print(text)


if __name__ == "__main__":
    main()
