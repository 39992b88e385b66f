#!/usr/bin/env python3
"""Lets TensorBoard read what `arssr train` writes for it, and compares it with the tables.

Trains a few steps on made-up volumes, stops, resumes, and reads all event files of the folder as
TensorBoard does: every loss and every gain of the tables must be there at its step, once.

Needs nibabel, NumPy and TensorBoard (Tests/requirements.txt). Ends with 1 when something differs.
"""
import argparse
import csv
import os
import subprocess
import sys
import tempfile

import numpy
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from training_volumes import write_volumes

OPTIONS = (
    "--width 8 --blocks 1 --feature-dim 4 --decoder-width 16 --decoder-depth 2 --patch 8 "
    "--samples 216 --scales 1.5..2 --validate-every 10 --validation-share 0.4 --quiet"
).split()


def rows(path):
    """The lines of a table by column."""
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def scale_name(row):
    """`2`, or `1x1x4`."""
    factors = [f"{float(row[key]):g}" for key in ("scale_i", "scale_j", "scale_k")]
    return factors[0] if len(set(factors)) == 1 else "x".join(factors)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arssr", required=True, help="the program")
    program = os.path.abspath(parser.parse_args().arssr)
    with tempfile.TemporaryDirectory() as folder:
        write_volumes(f"{folder}/d", count=3, edge=40)
        line = [program, "train", "--data", f"{folder}/d", "--output", f"{folder}/o"]
        subprocess.run(line + OPTIONS + ["--steps", "40", "--time-limit", "0.05"], check=True)
        resume = [program, "train", "--resume", "--output", f"{folder}/o", "--quiet"]
        subprocess.run(resume, check=True)

        reader = EventAccumulator(f"{folder}/o/tensorboard", size_guidance={"scalars": 0})
        reader.Reload()
        wanted = {}
        for row in rows(f"{folder}/o/log.csv"):
            for tag, key in (("loss", "loss"), ("loss of cubic", "loss_of_base")):
                wanted.setdefault(tag, []).append((int(row["step"]), float(row[key])))
        for row in rows(f"{folder}/o/validation.csv"):
            tag = f"gain over cubic, dB/{row['operator']} {scale_name(row)}"
            wanted.setdefault(tag, []).append((int(row["step"]), float(row["gain"])))
        failures = 0
        for tag, points in wanted.items():
            found = [(event.step, event.value) for event in reader.Scalars(tag)]
            same = [step for step, _ in found] == [step for step, _ in points] and numpy.allclose(
                [value for _, value in found], [value for _, value in points], rtol=1e-5, atol=1e-4
            )
            failures += not same
            print(f"{tag}: {len(found)} points" + ("" if same else f", not those of the table: {found}"))
        print(f"training logs: {failures} of {len(wanted)} curves differ")
        sys.exit(1 if failures or not wanted else 0)


main()
