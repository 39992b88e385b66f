#!/usr/bin/env python3
"""Trains in two processes under mpirun, beside one process with the same batch, and kills one of two.

Checks that the losses of two processes are those of one, within rounding that grows from step to step;
that both write one folder; that the death of a process ends the other, which leaves a state; and that
one process goes on from it. Prints what it found and the time of a step either way.

Needs nibabel and NumPy (Tests/requirements.txt) and mpirun of Open MPI; the program must have been
built with `--traits MPI`. Ends with 1 when something is not as it should be.
"""
import argparse
import csv
import os
import signal
import subprocess
import sys
import tempfile
import time

from training_volumes import write_volumes

OPTIONS = (
    "--width 16 --blocks 4 --patch 12 --samples 1000 --batch 4 --scales 1.5..2 --validate-every 10 "
    "--threads 1 --no-pin --quiet"
).split()
MPIRUN = "mpirun --allow-run-as-root --oversubscribe --bind-to none -n 2".split()


def losses(folder):
    """Mean loss by step."""
    try:
        with open(f"{folder}/log.csv", newline="") as file:
            return {int(row["step"]): float(row["loss"]) for row in csv.DictReader(file)}
    except (FileNotFoundError, TypeError):
        return {}


def trained(line):
    """Runs a training; how long it took."""
    start = time.time()
    subprocess.run(line, check=True)
    return time.time() - start


def process_of(rank, folder):
    """The process of a rank that trains into a folder."""
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/environ", "rb") as file:
                environment = file.read()
            with open(f"/proc/{process}/cmdline", "rb") as file:
                words = file.read().decode().split("\0")
        except OSError:
            continue
        if f"OMPI_COMM_WORLD_RANK={rank}\0".encode() in environment and folder in words:
            return int(process)
    return None


def waited(condition, seconds):
    """Whether a condition has come true in time."""
    end = time.time() + seconds
    while time.time() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arssr", required=True, help="the program")
    program = os.path.abspath(parser.parse_args().arssr)
    findings = []

    def check(is_so, words):
        print(("ok    " if is_so else "WRONG ") + words)
        if not is_so:
            findings.append(words)

    with tempfile.TemporaryDirectory() as folder:
        # One of the five is kept to validate with.
        write_volumes(f"{folder}/d", count=5, edge=48)

        def line(name, steps):
            data = ["train", "--data", f"{folder}/d", "--output", f"{folder}/{name}"]
            return [program] + data + OPTIONS + ["--steps", str(steps)]

        alone = trained(line("one", 60))
        together = trained(MPIRUN + line("two", 60))
        one, two = losses(f"{folder}/one"), losses(f"{folder}/two")
        check(sorted(one) == sorted(two) and len(one) == 60, f"{len(two)} of {len(one)} steps logged")
        for steps, most in ((1, 1e-6), (10, 1e-4), (60, 1e-2)):
            worst = max(abs(two[step] / one[step] - 1) for step in one if step <= steps)
            check(worst <= most, f"losses of the first {steps} steps differ by {worst:.1e} at most")
        same = sorted(os.listdir(f"{folder}/one")) == sorted(os.listdir(f"{folder}/two"))
        check(same, "both leave the same files")
        print(f"      whole runs of 60 steps: one process {alone:.1f} s, two {together:.1f} s")

        output = f"{folder}/killed"
        run = subprocess.Popen(
            MPIRUN + line("killed", 100000), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        check(waited(lambda: len(losses(output)) > 25, 120), "two processes train")
        second = process_of(1, output)
        check(second is not None, "the second process was found")
        if second is not None:
            os.kill(second, signal.SIGKILL)
        check(waited(lambda: run.poll() is not None, 20), "the death of one ends the job")
        check(run.wait() != 0, f"mpirun says so ({run.returncode})")
        check(process_of(0, output) is None, "no process is left")
        done = max(losses(output))
        resume = [program, "train", "--resume", "--output", output, "--time-limit", "2", "--quiet"]
        subprocess.run(resume, check=True)
        later = losses(output)
        check(max(later) > done - 10, f"one process goes on from step {done} or so to {max(later)}")
    sys.exit(1 if findings else 0)


main()
