#!/usr/bin/env python3
"""Kills `arssr train` at random moments, resumes it, and checks that it ends in the same bytes.

A small network is trained undisturbed once. Then the same training is killed again and again, by SIGKILL,
SIGTERM and SIGINT and by writes that fail as on a full disk, and resumed until it is done. After every
kill, models that are there can be read, and a state is whole or the one before it is; at the end model,
state and card are those of the undisturbed training, byte for byte, and no temporary is left.

Standard library only, plus a C compiler for Tests/Preload. The seed is printed. Ends with 1 when an
invariant is broken.
"""
import argparse
import collections
import errno
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from killable import Killable
from nifti_bytes import write_volume
from preload import build_preload

RESULTS = ["best.safetensors", "last.safetensors", "card.json"]


class Training(Killable):
    """One command in a folder of its own, and what it leaves when undisturbed."""

    def __init__(self, options, folder):
        super().__init__(options.arssr, folder)
        (folder / "data").mkdir()
        for subject in range(3):
            # Volumes of unlike sizes are unlike images.
            write_volume(folder / "data" / f"sub-{subject}_T1w.nii", (44 + 4 * subject, 48, 48))
        words = "--data data --width 8 --blocks 2 --patch 8 --samples 1000 --scales 1.5..2 --validate-every 20 " \
                f"--validation-share 0.4 --steps {options.steps}"
        self.begin = ["train", *words.split(), "--quiet"]
        started = time.monotonic()
        self.finish([*self.begin, "--output", "undisturbed"])
        self.seconds = time.monotonic() - started

    def next_words(self):
        """Begins, or goes on where there is a state to go on from."""
        kept = self.folder / "killed"
        if any((kept / name).exists() for name in ("last.safetensors", "previous.safetensors")):
            return ["train", "--resume", "--output", "killed", "--quiet"]
        return [*self.begin, "--force", "--output", "killed"]

    def unreadable(self):
        """Models that the program itself cannot read; states are asked for by the next `--resume`."""
        best = self.folder / "killed" / "best.safetensors"
        refused = best.exists() and subprocess.run(
            [self.arssr, "models", "info", best], capture_output=True).returncode
        return [best.name] if refused else []

    def differences(self):
        """Which results are not those of the undisturbed training."""
        return [name for name in RESULTS
                if (self.folder / "killed" / name).read_bytes()
                != (self.folder / "undisturbed" / name).read_bytes()]


def disturbed(training, preload, kind):
    """Runs on until it is done or disturbed; what happened, and what is wrong with how it ended."""
    environment = {}
    if kind == "full disk":
        environment = {"LD_PRELOAD": preload, "FAULT_CALL": "write", "FAULT_ERRNO": str(errno.ENOSPC),
                       "FAULT_AFTER": str(random.randrange(400))}
    process = training.start(training.next_words(), environment)
    wrong = []
    if isinstance(kind, signal.Signals):
        try:
            process.wait(random.random() * training.seconds / 2)
        except subprocess.TimeoutExpired:
            process.send_signal(kind)
    try:
        _, message = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        return "hung", ["alive after 120 s"]
    status = process.returncode
    if status == 0:
        return "done", []
    lines = [line for line in message.splitlines() if line.startswith("arssr: error")]
    if kind == "full disk":
        if status not in (73, 74) or len(lines) != 1:
            wrong.append(f"status {status}: {message.strip()}")
    elif kind == signal.SIGKILL:
        if status != -kind:
            wrong.append(f"status {status}: {message.strip()}")
    elif status not in (128 + kind, -kind):
        wrong.append(f"status {status}: {message.strip()}")
    return getattr(kind, "name", kind), wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    parser.add_argument("--kills", type=int, default=60, help="runs to disturb")
    parser.add_argument("--steps", type=int, default=300, help="steps of a training")
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    random.seed(options.seed)
    outcomes = collections.Counter()
    failures = 0
    with tempfile.TemporaryDirectory(prefix="arssr-kill-") as name:
        folder = pathlib.Path(name)
        preload = build_preload(folder)
        training = Training(options, folder)
        print(f"seed {options.seed}; undisturbed {training.seconds:.1f} s")
        kinds = [signal.SIGKILL, signal.SIGKILL, "full disk", signal.SIGTERM, signal.SIGINT]
        while sum(outcomes[key] for key in outcomes if key != "done") < options.kills:
            kind = random.choice(kinds)
            outcome, wrong = disturbed(training, preload, kind)
            outcomes[outcome] += 1
            wrong += [f"{name} cannot be read" for name in training.unreadable()]
            if outcome == "done":
                wrong += [f"{name} differs" for name in training.differences()]
                wrong += [f"left behind: {path.name}" for path in (folder / "killed").glob(".*")]
                # The next one begins anew.
                for path in (folder / "killed").rglob("*"):
                    if path.is_file():
                        path.unlink()
            for text in wrong:
                failures += 1
                print(f"FAIL after {outcome}: {text}")
        training.finish(training.next_words())
        for name in training.differences():
            failures += 1
            print(f"FAIL at the end: {name} differs")
    summary = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
    print(f"trainings: {summary}: {failures} broken invariants")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
