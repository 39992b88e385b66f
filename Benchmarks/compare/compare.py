#!/usr/bin/env python3
"""Measures arssr beside PyTorch: LR 94 x 128 x 95 to 188 x 256 x 190, RDN of the published size.

The weights are generated, so no published model is needed; the time does not depend on them. Both
read the same volume and the same weights with the same number of threads, by turns, and their
results are compared. PyTorch runs in both memory formats, encodes once and decodes in the fastest
of several chunk sizes: better than the published script, which encodes again for every plane. What
that costs is estimated from one plane and said to be an estimate.
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
from peers.machine import first_line, measured_peak, output_of, processor

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
RESULT = os.path.join(REPOSITORY, "Documentation", "Results", "compare.md")
SEED = 1
# Multiply-adds of the direct method: RDN per LR voxel, decoder per HR voxel.
ENCODER_MACS = 5_916_352
DECODER_MACS = 363_008


def measure_arssr(arssr, threads, volume, model, output):
    command = [arssr, "upsample", "--verbose", "--format", "json", "--force", "--threads", str(threads)]
    command += ["--normalisation", "minmax", "--model", model, "--scale", "2", volume, output]
    report = json.loads(output_of(command))
    item = report["items"][0]
    return {**item["seconds"], "peakBytes": item["peakBytes"], "isa": report["machine"]["isa"]}, command


def measure_torch(threads, volume, model, memory_format, output):
    command = [sys.executable, os.path.join(HERE, "measure_torch.py"), "run", volume, model]
    return json.loads(output_of([*command, str(threads), memory_format, output]))


def difference(size, arssr_output, torch_output, volume):
    """Largest difference of the results, relative to the range of PyTorch's."""
    with open(arssr_output, "rb") as file:
        ours = numpy.frombuffer(file.read()[352:], "<f4").reshape([2 * n for n in size[::-1]])
    with open(volume, "rb") as file:
        voxels = numpy.frombuffer(file.read()[352:], "<f4")
    theirs = numpy.load(torch_output) * (voxels.max() - voxels.min()) + voxels.min()
    return float(numpy.abs(ours - theirs).max() / (theirs.max() - theirs.min()))


def best(runs, key):
    return min(run[key] for run in runs)


def table_row(name, encode, decode, total, memory):
    return f"| {name} | {encode:.1f} | {decode:.1f} | {total:.1f} | {memory / 2**30:.2f} |"


def report(options, arssr_runs, torch_runs, peak, error, command):
    voxels = math.prod(options.size)
    encoder_seconds, decoder_seconds = best(arssr_runs, "encode"), best(arssr_runs, "decode")
    total = best(arssr_runs, "total")
    available = peak * options.threads
    encoder_rate = 2e-9 * ENCODER_MACS * voxels / encoder_seconds
    decoder_rate = 2e-9 * DECODER_MACS * 8 * voxels / decoder_seconds
    rows = [table_row("arssr", encoder_seconds, decoder_seconds, total, best(arssr_runs, "peakBytes"))]
    for memory_format, runs in torch_runs.items():
        encode, decode = best(runs, "encode"), best(runs, "decode")
        chunk = runs[-1]["chunk"] or "whole plane"
        name = f"PyTorch, {memory_format}, encoder once, {chunk} points at once"
        rows.append(table_row(name, encode, decode, encode + decode, best(runs, "peakBytes")))
    contiguous = torch_runs["contiguous"]
    plane = best(contiguous, "encode") + best(contiguous, "planeWhole")
    published = plane * contiguous[0]["planes"]
    fastest = min(best(runs, "encode") + best(runs, "decode") for runs in torch_runs.values())
    shown = " ".join(os.path.basename(word) if os.path.isabs(word) else word for word in command)
    every = ", ".join(f"{run['total']:.1f}" for run in arssr_runs)
    every_torch = "; ".join(
        f"{name} " + ", ".join(f"{run['encode'] + run['decode']:.1f}" for run in runs)
        for name, runs in torch_runs.items()
    )
    return f"""# arssr beside PyTorch

Written by `make compare` on {datetime.date.today().isoformat()}. LR {" x ".join(map(str, options.size))} to \
{" x ".join(str(2 * n) for n in options.size)} voxels, RDN encoder and decoder of the published size, generated
weights (seed {SEED}), float32, {options.threads} threads each, by turns.

Machine: {processor()}, {os.cpu_count()} hardware threads. {first_line([options.arssr, "--version"])}; \
instruction set {arssr_runs[0]["isa"]};
{first_line(["swift", "--version"])}; PyTorch {contiguous[0]["torch"]} (CPU).

| best of {options.runs} runs | encoder, s | decoder, s | total, s | peak memory, GiB |
| --- | ---: | ---: | ---: | ---: |
{chr(10).join(rows)}

- arssr is {fastest / total:.2f} times as fast as PyTorch's best row. Its total includes reading, \
checking and writing
  the files; PyTorch's is encoder and decoder alone.
- The published script's way, which encodes again for each of the {contiguous[0]["planes"]} output planes: \
**estimated** {published / 60:.1f} minutes,
  from one plane ({plane:.1f} s: encoder and whole plane at once, contiguous) times the planes. It was not run to the end.
- Peak of one core, measured in the same run: {peak:.1f} GFLOP/s; times {options.threads} threads \
{available:.1f}. Of that the encoder reaches
  {100 * encoder_rate / available:.0f} % and the decoder {100 * decoder_rate / available:.0f} %, counting \
the operations of the direct method ({ENCODER_MACS:,} multiply-adds
  per LR voxel, {DECODER_MACS:,} per HR voxel), whatever was executed: Winograd's algorithm needs an eighth of
  a 3x3x3 layer's, and hidden units that are zero are left out.
- Largest difference between the two results: {error:.1e} of the range.
- All totals, s: arssr {every}; PyTorch {every_torch}.

Command: `{shown}`
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True)
    parser.add_argument("--peak", required=True, help="the kernel-benchmark executable")
    parser.add_argument("--output", default=RESULT, help="where the report goes")
    parser.add_argument("--size", type=int, nargs=3, default=(94, 128, 95), metavar="N")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="arssr-compare-") as folder:
        volume, model = os.path.join(folder, "lr.nii"), os.path.join(folder, "rdn.pkl")
        ours, theirs = os.path.join(folder, "hr.nii"), os.path.join(folder, "hr.npy")
        write_volume(volume, options.size)
        output_of([sys.executable, os.path.join(HERE, "measure_torch.py"), "weights", model, str(SEED)])
        arssr_runs, torch_runs = [], {"contiguous": [], "channels_last_3d": []}
        for number in range(options.runs):
            run, command = measure_arssr(options.arssr, options.threads, volume, model, ours)
            arssr_runs.append(run)
            print(f"run {number + 1}: arssr {run['total']:.1f} s", flush=True)
            for memory_format, runs in torch_runs.items():
                runs.append(measure_torch(options.threads, volume, model, memory_format, theirs))
                last = runs[-1]
                print(
                    f"run {number + 1}: PyTorch {memory_format} {last['encode'] + last['decode']:.1f} s",
                    flush=True,
                )
        peak = measured_peak(options.peak, arssr_runs[0]["isa"])
        if peak is None:
            sys.exit("compare: kernel-benchmark printed no peak")
        error = difference(options.size, ours, theirs, volume)
        text = report(options, arssr_runs, torch_runs, peak, error, command)
    os.makedirs(os.path.dirname(os.path.abspath(options.output)), exist_ok=True)
    with open(options.output, "w", encoding="utf-8") as file:
        file.write(text)
    print(text)


if __name__ == "__main__":
    main()
