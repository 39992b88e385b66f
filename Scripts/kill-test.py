#!/usr/bin/env python3
"""Kills `arssr upsample` and `arssr degrade` at random moments and checks that no output is ever partial.

After every kill the final name holds nothing, the old complete file, or the new complete file; the
same for the sidecar. After SIGTERM and SIGINT no temporary is left and the status is that of the
signal. After SIGKILL the remains must not disturb: the next run succeeds and leaves only its output.
Three kinds of run are killed, by turns: interpolation, which spends its time writing, the default
model, which spends it computing, and a degradation with noise. A third of the kills wait until the temporary has passed 1 MiB.
Runs that end before their signal are not counted.

Standard library only. The seed is printed; the same seed kills at the same shares of the run time.
Ends with 1 when an invariant is broken.
"""
import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter

from killable import Killable
from nifti_bytes import write_volume

MEBIBYTE = 1 << 20
FINISHED = "finished before the signal"


def digest(path):
    """SHA-256 of a file, or None where there is none."""
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Job(Killable):
    """One command, what it leaves when undisturbed, and how long it takes."""

    def __init__(self, arssr, folder, name, size, words):
        super().__init__(arssr, os.path.join(folder, name))
        self.name = name
        os.mkdir(self.folder)
        volume = os.path.join(folder, name + ".nii")
        write_volume(volume, size)
        self.output = os.path.join(self.folder, "out.nii")
        self.sidecar = os.path.join(self.folder, "out.json")
        self.words = [*words, "--force", volume, self.output]
        started = time.monotonic()
        self.finish(self.words)
        self.seconds = time.monotonic() - started
        self.complete = (digest(self.output), digest(self.sidecar))
        if self.complete[0] is None:
            sys.exit(f"{name}: the undisturbed run left no output")
        self.clear()

    def clear(self, only_temporaries=False):
        for name in self.temporaries() if only_temporaries else os.listdir(self.folder):
            os.unlink(os.path.join(self.folder, name))

    def temporaries(self):
        return [name for name in os.listdir(self.folder) if name.startswith(".")]

    def temporary_bytes(self):
        sizes = [0]
        for name in self.temporaries():
            try:
                sizes.append(os.path.getsize(os.path.join(self.folder, name)))
            except FileNotFoundError:
                pass
        return max(sizes)


def kill_once(job, kind, share, wait_for_mebibyte):
    """Runs, kills and returns (status, seconds that dying took)."""
    process = job.start(job.words)
    started = time.monotonic()
    if wait_for_mebibyte:
        while process.poll() is None and job.temporary_bytes() <= MEBIBYTE:
            time.sleep(0.0005)
        time.sleep(share * 0.02)
    else:
        while process.poll() is None and time.monotonic() - started < share * job.seconds:
            time.sleep(0.0005)
    killed = time.monotonic()
    process.send_signal(kind)
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return "alive 10 s later", 10.0
    return process.returncode, time.monotonic() - killed


def broken_invariants(job, kind, status, seconds, before):
    """What is wrong after a kill, as texts; before: digests of output and sidecar at the start."""
    wrong = []
    after = (digest(job.output), digest(job.sidecar))
    for label, old, new, now in zip(("output", "sidecar"), before, job.complete, after):
        if now not in (None, old, new):
            wrong.append(f"{label} is neither the old nor the new complete file")
        if now is None and old is not None:
            wrong.append(f"the old {label} is gone")
    if status not in (0, -kind):
        wrong.append(f"status {status}")
    if status == 0 and after != job.complete:
        wrong.append("status 0 without the complete files")
    if kind != signal.SIGKILL:
        if job.temporaries():
            wrong.append(f"left behind: {job.temporaries()}")
        if seconds > 2:
            wrong.append(f"took {seconds:.1f} s to end")
    return wrong


def rerun_heals(job):
    """What is wrong after a full run over the remains of killed ones."""
    job.finish(job.words)
    wrong = []
    if (digest(job.output), digest(job.sidecar)) != job.complete:
        wrong.append("the run after a kill gives other files")
    if job.temporaries():
        wrong.append(f"the run after a kill leaves {job.temporaries()}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    parser.add_argument("--kills", type=int, default=120, help="runs to kill")
    parser.add_argument("--seed", type=int, default=20240917)
    options = parser.parse_args()
    random.seed(options.seed)
    failures = 0
    outcomes = Counter()
    with tempfile.TemporaryDirectory(prefix="arssr-kill-") as folder:
        jobs = [
            Job(
                options.arssr, folder, "writing", (96, 96, 96),
                ["upsample", "--method", "cubic", "--scale", "3"]),
            Job(options.arssr, folder, "computing", (40, 40, 40), ["upsample", "--scale", "2"]),
            Job(
                options.arssr, folder, "degrading", (128, 128, 128),
                ["degrade", "--scale", "1.25", "--noise", "3%"]),
        ]
        print(
            f"seed {options.seed}; undisturbed "
            + ", ".join(f"{job.name} {job.seconds:.2f} s" for job in jobs)
        )
        kinds = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT]
        number = -1
        while sum(outcomes.values()) - outcomes[FINISHED] < options.kills:
            number += 1
            if number > 10 * options.kills:
                sys.exit("nearly every run ends before it can be killed")
            job = jobs[number % len(jobs)]
            kind = kinds[number // len(jobs) % len(kinds)]
            share = random.random()
            waits = number % 3 == 0
            if kind != signal.SIGKILL or waits:
                # What an earlier SIGKILL left would be taken for this run's.
                job.clear(only_temporaries=True)
            before = (digest(job.output), digest(job.sidecar))
            status, seconds = kill_once(job, kind, share, waits)
            wrong = broken_invariants(job, kind, status, seconds, before)
            outcomes[FINISHED if status == 0 else kind.name] += 1
            if number % 10 >= 8:
                wrong += rerun_heals(job)
            for text in wrong:
                failures += 1
                print(f"FAIL kill {number}, {job.name}, {kind.name} at {share:.3f}: {text}")
            # Half of the next runs find an old complete output, half find nothing.
            if random.random() < 0.5:
                job.clear()
        for job in jobs:
            for text in rerun_heals(job):
                failures += 1
                print(f"FAIL {job.name}: {text}")
    summary = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
    print(f"kills: {summary}: {failures} broken invariants")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
