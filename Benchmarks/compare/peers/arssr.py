"""Runs arssr as a user does: a whole process, from a file to a file."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess

from .engines.base import Job, Unavailable
from .machine import Watch, first_line, output_of
from .worker import Sample


class Arssr:
    """The executable, and what it can do."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.version = first_line([path, "--version"])
        self.help = output_of([path, "upsample", "--help"])
        self.machine: dict[str, object] = {}
        with open(path, "rb") as file:
            self.sha256 = hashlib.sha256(file.read()).hexdigest()

    def require(self, options: tuple[str, ...]) -> None:
        """Raises Unavailable when this build does not know one of the options."""
        for option in options:
            if option.startswith("--") and option not in self.help:
                raise Unavailable(f"{self.version} has no option {option}")

    def command(self, job: Job, options: tuple[str, ...], volume: str, output: str) -> list[str]:
        """The whole command; the size is given in NIfTI's order."""
        size = ",".join(str(count) for count in job.size[::-1])
        return [
            *(self.path, "upsample", "--format", "json", "--progress", "none", "--force"),
            *("--threads", str(job.threads), *options),
            *("--model", job.model, "--size", size, volume, output),
        ]

    def run(self, job: Job, options: tuple[str, ...], volume: str, output: str) -> Sample:
        """One whole run. Raises Unavailable with arssr's own message when it fails."""
        with Watch() as watch:
            process = subprocess.run(
                self.command(job, options, volume, output),
                capture_output=True,
                text=True,
                preexec_fn=lambda: os.sched_setaffinity(0, job.cpus),
            )
        if process.returncode != 0:
            lines = [line for line in process.stderr.splitlines() if "error" in line]
            raise Unavailable(lines[0] if lines else f"exit status {process.returncode}")
        report = json.loads(process.stdout)
        self.machine = report["machine"]
        item = report["items"][0]
        return Sample(
            item["seconds"]["encode"],
            item["seconds"]["decode"],
            job.size[0],
            watch.seconds,
            item["peakBytes"],
            watch.others,
        )
