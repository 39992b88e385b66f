#!/usr/bin/env python3
"""Runs every `arssr` command that README.md, the tutorials and ManyVolumes.md show, in their order, and
expects each to succeed.

Each document has a folder of its own. The files that the commands name (scan.nii.gz, thick.nii.gz,
other.nii.gz, published.pkl, list.txt, the folders dataset, scans and bids_dataset) are made from the sample and
the golden data, unless a command of the document makes them. Standard library only. Ends with 1 when a command fails.
"""
import argparse
import glob
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
VOLUMES = (
    ("scan", (24, 20, 16), (1.5, 1.5, 2.0)),
    ("thick", (24, 20, 8), (1.0, 1.0, 4.0)),
    ("other", (30, 26, 22), (1.0, 1.0, 1.25)),
    ("scans/a", (16, 14, 8), (1.0, 1.0, 2.0)),
    ("scans/b", (16, 14, 9), (1.0, 1.0, 2.0)),
    ("bids_dataset/sub-01/anat/sub-01_T1w", (16, 14, 12), (1.0, 1.0, 1.4)),
    ("bids_dataset/sub-02/ses-2/anat/sub-02_ses-2_T1w", (16, 14, 12), (1.0, 1.0, 1.4)),
)


def commands(document):
    """The lines of a document's shell blocks that call arssr, also in a pipe, continued lines joined."""
    with open(document, encoding="utf-8") as file:
        blocks = re.findall(r"```sh\n(.*?)```", file.read(), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("arssr ") or "| arssr " in line]


def prepare(folder, shown):
    """Puts the files in place that the commands name and do not make."""
    os.symlink(os.path.join(REPOSITORY, "Samples"), os.path.join(folder, "Samples"))
    for name, size, spacing in VOLUMES:
        made = [shlex.split(line)[-1] for line in shown if line.startswith("arssr degrade ")]
        if name + ".nii.gz" in made:
            continue
        plain = os.path.join(folder, name + ".nii")
        os.makedirs(os.path.dirname(plain), exist_ok=True)
        write_volume(plain, size, spacing)
        with open(plain, "rb") as source, gzip.open(plain + ".gz", "wb") as target:
            shutil.copyfileobj(source, target)
        os.unlink(plain)
    shutil.copy(PUBLISHED, os.path.join(folder, "published.pkl"))
    with open(os.path.join(folder, "list.txt"), "w", encoding="utf-8") as file:
        file.write("# two volumes\nscans/a.nii.gz\nscans/b.nii.gz\tother/name.nii.gz\n")
    dataset = os.path.join(folder, "dataset")
    os.mkdir(dataset)
    for subject in ("sub-01", "sub-02"):
        os.symlink(
            os.path.join(REPOSITORY, "Samples", "sub-37_T1w_truth.nii.gz"),
            os.path.join(dataset, subject + "_T1w.nii.gz"))


def words(program, line):
    """A command as it is run here."""
    if "|" in line:
        return ["bash", "-o", "pipefail", "-c", line.replace("arssr ", shlex.quote(program) + " ", 1)]
    words = [program, *shlex.split(line)[1:]]
    # The number of threads is right for most readers, not for every test machine.
    if "--threads" in words and "--jobs" not in words:
        words[words.index("--threads") + 1] = "1"
    # A training takes hours, and its options stay as they were where it is resumed.
    if words[1] == "train" and "--resume" not in words:
        words += ["--steps", "2"]
    return words


def run(program, document):
    """How many commands of a document were run, and how many failed."""
    shown = commands(document)
    failures = 0
    with tempfile.TemporaryDirectory(prefix="arssr-document-") as folder:
        prepare(folder, shown)
        for line in shown:
            ended = subprocess.run(
                words(program, line), cwd=folder, capture_output=True, text=True, check=False)
            if ended.returncode != 0:
                failures += 1
                print(f"FAIL {line}\n     status {ended.returncode}: {ended.stderr.strip()}")
    print(f"{os.path.relpath(document, REPOSITORY)}: {len(shown)} commands, {failures} failed")
    return len(shown), failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    program = os.path.abspath(parser.parse_args().arssr)
    tutorials = sorted(glob.glob(os.path.join(REPOSITORY, "Documentation", "Tutorials", "*.md")))
    pages = [os.path.join(REPOSITORY, name) for name in ("README.md", "Documentation/ManyVolumes.md")]
    results = [run(program, path) for path in [*pages, *tutorials]]
    return 1 if any(failed or not count for count, failed in results) else 0


if __name__ == "__main__":
    sys.exit(main())
