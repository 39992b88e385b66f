#!/usr/bin/env python3
"""Measures steps of training beside PyTorch, by turns, and prints a section for train-speed.md.

    training.py --own TRAINING-BENCHMARK [--turns N] [--precision float32,bfloat16]

Every line of the table is the shortest step of all turns. The peak is that of as many cores, measured by
the benchmark itself before each run; shares count the multiplications of the published function, three
times those of the forward pass, so that Winograd's algorithm can be above 100 %.
"""
import argparse
import collections
import datetime
import json
import pathlib
import subprocess
import sys

from peers.machine import processor

PEER = pathlib.Path(__file__).with_name("measure_training.py")
# Preset, threads, steps of ours and of PyTorch's.
CASES = [("fast", 1, 60, 30), ("fast", 2, 100, 30), ("paper", 2, 4, 3)]


def line_of(command):
    """The JSON line that a measurement prints."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def main():
    """Runs the turns and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--own", required=True, help="the training-benchmark executable")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--precision", default="float32,bfloat16")
    options = parser.parse_args()
    samples = collections.defaultdict(list)
    kept = {}
    for _ in range(options.turns):
        for preset, threads, steps, peer_steps in CASES:
            for precision in options.precision.split(","):
                if preset == "paper" and precision != "float32":
                    continue
                case = (preset, threads, precision)
                ours = line_of([options.own, "--preset", preset, "--precision", precision,
                                "--threads", threads, "--steps", steps])
                peer = line_of([sys.executable, PEER, preset, threads, precision, peer_steps])
                for name, line in (("arssr", ours), ("PyTorch", peer)):
                    samples[case, name].append(line["seconds"])
                    kept[name] = line
                if ours["seconds"] == min(samples[case, "arssr"]):
                    kept[case] = ours
                print(f"{case}: {1e3 * ours['seconds']:.1f}, {1e3 * peer['seconds']:.1f} ms",
                      file=sys.stderr)
    print(f"`make compare-training OPTIONS=\"--turns {options.turns}\"`, {datetime.date.today()}: "
          f"{processor()}, `{kept['arssr']['isa']}`; PyTorch {kept['PyTorch']['version']}.\n")
    print("| step | threads | precision | arssr, ms | GFLOP/s | of the peak | PyTorch, ms | times as fast |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for case, ours in kept.items():
        if case in ("arssr", "PyTorch"):
            continue
        preset, threads, precision = case
        peer = min(samples[case, "PyTorch"])
        print(f"| `{preset}` | {threads} | {precision} | {1e3 * ours['seconds']:.1f} | "
              f"{ours['operationsPerSecond'] * 1e-9:.0f} | "
              f"{100 * ours['operationsPerSecond'] / ours['peak']:.0f} % | {1e3 * peer:.1f} | "
              f"{peer / ours['seconds']:.2f} |")


if __name__ == "__main__":
    main()
