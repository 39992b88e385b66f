#!/usr/bin/env python3
"""Runs every `arssr` command that README.md shows, in its order, and expects each to succeed.

The files that the commands name (scan.nii.gz, thick.nii.gz, other.nii.gz, published.pkl, the folder
dataset) are made from the sample and the golden data. Standard library only. Ends with 1 when a command fails.
"""
import argparse
import gzip
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from nifti_bytes import write_volume

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PUBLISHED = os.path.join(REPOSITORY, "Tests", "Golden", "arssr", "weights", "rdn_odd.pkl")


def commands():
    """The lines of README.md's shell blocks that call arssr."""
    with open(os.path.join(REPOSITORY, "README.md"), encoding="utf-8") as file:
        blocks = re.findall(r"```sh\n(.*?)```", file.read(), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("arssr ")]


def prepare(folder):
    """Puts the files in place that the commands name."""
    os.symlink(os.path.join(REPOSITORY, "Samples"), os.path.join(folder, "Samples"))
    for name, size, spacing in (
        ("scan", (24, 20, 16), (1.5, 1.5, 2.0)),
        ("thick", (24, 20, 8), (1.0, 1.0, 4.0)),
        ("other", (30, 26, 22), (1.0, 1.0, 1.25)),
    ):
        plain = os.path.join(folder, name + ".nii")
        write_volume(plain, size, spacing)
        with open(plain, "rb") as source, gzip.open(plain + ".gz", "wb") as target:
            shutil.copyfileobj(source, target)
        os.unlink(plain)
    shutil.copy(PUBLISHED, os.path.join(folder, "published.pkl"))
    dataset = os.path.join(folder, "dataset")
    os.mkdir(dataset)
    for subject in ("sub-01", "sub-02"):
        os.symlink(
            os.path.join(REPOSITORY, "Samples", "sub-37_T1w_truth.nii.gz"),
            os.path.join(dataset, subject + "_T1w.nii.gz"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    options = parser.parse_args()
    shown = commands()
    failures = 0
    with tempfile.TemporaryDirectory(prefix="arssr-readme-") as folder:
        prepare(folder)
        for line in shown:
            words = [os.path.abspath(options.arssr), *shlex.split(line)[1:]]
            # The number of threads is right for most readers, not for every test machine.
            if "--threads" in words:
                words[words.index("--threads") + 1] = "1"
            # A training takes hours.
            if words[1] == "train":
                words += ["--steps", "2"]
            ended = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
            if ended.returncode != 0:
                failures += 1
                print(f"FAIL {line}\n     status {ended.returncode}: {ended.stderr.strip()}")
    print(f"README.md: {len(shown)} commands, {failures} failed")
    return 1 if failures or not shown else 0


if __name__ == "__main__":
    sys.exit(main())
