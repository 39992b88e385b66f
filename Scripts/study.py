#!/usr/bin/env python3
"""Upsamples a study of 24 volumes, kills the run again and again, and goes on until all is done.

    study.py --arssr ARSSR --data FOLDER [--volumes 24] [--edge 40] [--kills 12] [--report FILE]
             [--seconds N]

The volumes are crops of the NIfTI files in FOLDER (of all folders in it), as many from each as it takes;
`--edge 0` takes the files whole. An undisturbed run over them is the measure. Then the same command with
`--skip-existing` is started and ended by SIGKILL at a random moment, as often as asked for, and at last
left alone. What has to hold:

- the results of both, volumes and sidecars, are the same bytes, and no other file is left;
- a result that was there before a run is there after it, untouched: nothing is done twice.

Needs nibabel and NumPy (Tests/requirements.txt). Ends with 1 when something does not hold.
"""
import argparse
import os
import platform
import random
import shlex
import signal
import subprocess
import sys
import tempfile
import time

import nibabel
import numpy

from result_files import digests, finished


def sources(folder):
    """All volumes below a folder."""
    found = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        found += [
            os.path.join(place, name) for name in sorted(names)
            if name.endswith((".nii", ".nii.gz")) and not name.startswith(".")]
    if not found:
        sys.exit(f"{folder}: holds no volume")
    return found


def make_study(paths, folder, count, edge, numbers):
    """Puts `count` volumes into a folder: crops with `edge` voxels per axis, or links to files."""
    os.mkdir(folder)
    for index in range(count):
        path = paths[index % len(paths)]
        stem = os.path.basename(path).split(".")[0]
        if edge == 0:
            name = f"{index:02d}_" + os.path.basename(path)
            os.symlink(os.path.abspath(path), os.path.join(folder, name))
            continue
        image = nibabel.load(path)
        size = [min(edge + index % 5, length) for length in image.shape[:3]]
        # Around the middle, where the head is.
        first = [
            (length - part) // 2 + numbers.randint(-min(8, (length - part) // 2), min(8, (length - part) // 2))
            for length, part in zip(image.shape[:3], size)]
        box = tuple(slice(start, start + part) for start, part in zip(first, size))
        affine = image.affine.copy()
        affine[:3, 3] = nibabel.affines.apply_affine(image.affine, first)
        voxels = numpy.asanyarray(image.dataobj[box], dtype=numpy.float32)
        nibabel.save(
            nibabel.Nifti1Image(voxels, affine),
            os.path.join(folder, f"{index:02d}_{stem}.nii.gz"))


class Study:
    """The command, and what is found wrong."""

    def __init__(self, command, folder):
        self.command = command
        self.folder = folder
        self.wrong = []

    def start(self, output):
        return subprocess.Popen(
            [*self.command, "volumes", output], cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def finish(self, output):
        """Runs to the end; returns the seconds."""
        begun = time.monotonic()
        process = self.start(output)
        _, message = process.communicate()
        if process.returncode != 0:
            sys.exit(f"status {process.returncode}: {message.decode()}")
        return time.monotonic() - begun

    def disturb(self, output, seconds):
        """Kills a run after some seconds; returns how many results it added, None if it had ended."""
        place = os.path.join(self.folder, output)
        before = finished(place)
        process = self.start(output)
        try:
            process.communicate(timeout=seconds)
            ended = True
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            ended = False
        after = finished(place)
        for name, identity in before.items():
            if after.get(name) != identity:
                self.wrong.append(f"{name} was there and was made again")
        return None if ended else len(after) - len(before)


def report(options, count, seconds, added, last, wrong):
    """The page of results."""
    total = sum(added)
    lines = [
        "# A study, interrupted",
        "",
        f"{count} volumes ({'files' if options.edge == 0 else f'crops of about {options.edge} voxels per axis'})"
        ", upsampled by one command;",
        "the run was ended by SIGKILL at random moments and started again with the same words.",
        "",
        "| what | figure |",
        "| --- | ---: |",
        f"| volumes | {count} |",
        f"| undisturbed run | {seconds:.1f} s |",
        f"| runs killed | {len(added)} |",
        f"| results that the killed runs finished | {total} |",
        f"| results that the last run made | {count - total} |",
        f"| the last run | {last:.1f} s |",
        f"| results made twice | {sum('made again' in text for text in wrong)} |",
        f"| files that differ from the undisturbed run | {sum('differs' in text for text in wrong)} |",
        "",
        f"Command: `{shlex.join(['arssr', 'upsample', '--skip-existing', *options.words])}`. Results finished "
        "by each killed run: " + ", ".join(map(str, added)) + ".",
        "",
        f"Made by `make study DATA=<folder>` (`Scripts/study.py`, seed {options.seed}) on {cpu()}.",
        "",
    ]
    with open(options.report, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def cpu():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next(line for line in file if line.startswith("model name"))
        return f"{name.split(':')[1].strip()}, {len(os.sched_getaffinity(0))} cores"
    except (OSError, StopIteration):
        return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    parser.add_argument("--data", required=True, help="folder with volumes")
    parser.add_argument("--volumes", type=int, default=24)
    parser.add_argument("--edge", type=int, default=40, help="voxels of a crop; 0: whole files")
    parser.add_argument("--kills", type=int, default=12, help="runs to kill")
    parser.add_argument("--seed", type=int, default=20240917)
    parser.add_argument("--report", help="Markdown file to write")
    parser.add_argument(
        "--seconds", type=float,
        help="what an undisturbed run takes, for machines whose load changes; by default as measured")
    parser.add_argument("words", nargs="*", help="options of upsample")
    options = parser.parse_args()
    numbers = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="arssr-study-") as folder:
        make_study(
            sources(options.data), os.path.join(folder, "volumes"), options.volumes, options.edge,
            numbers)
        study = Study(
            [os.path.abspath(options.arssr), "upsample", "--skip-existing", *options.words], folder)
        seconds = study.finish("undisturbed")
        print(f"{options.volumes} volumes, undisturbed {seconds:.1f} s, seed {options.seed}")
        added = []
        # So long that most of the work is left to runs that are killed, whatever the moments.
        longest = 2 * (options.seconds or seconds) / options.kills
        while len(added) < options.kills:
            result = study.disturb("disturbed", numbers.random() * longest)
            if result is None:
                break
            added.append(result)
        last = study.finish("disturbed")
        measure = digests(os.path.join(folder, "undisturbed"))
        found = digests(os.path.join(folder, "disturbed"))
        for name in sorted(measure.keys() | found.keys()):
            if measure.get(name) != found.get(name):
                study.wrong.append(f"{name} differs")
        if len(measure) != 2 * options.volumes:
            study.wrong.append(f"{len(measure)} files, {2 * options.volumes} expected")
        again = study.disturb("disturbed", 600)
        if again is not None:
            study.wrong.append("a run with nothing to do did not end")
    for text in study.wrong:
        print(f"FAIL {text}")
    print(
        f"killed {len(added)} runs, which finished {sum(added)} of {options.volumes} results; the last "
        f"run took {last:.1f} s: {len(study.wrong)} wrong")
    if options.report:
        report(options, options.volumes, seconds, added, last, study.wrong)
    return 1 if study.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
