"""The arssr command as a user runs it, and its own report."""
import json
import statistics
import subprocess
import time


class Arssr:
    """One executable, run in one folder."""

    def __init__(self, path, folder):
        self.path = path
        self.folder = folder

    def upsample(self, *arguments):
        """Runs `upsample`; returns the item of its report, with `wall` seconds of the process."""
        command = [self.path, "upsample", "--force", "--format", "json", *map(str, arguments)]
        start = time.perf_counter()
        run = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        wall = time.perf_counter() - start
        if run.returncode:
            raise SystemExit(f"{' '.join(command)}: {run.stderr.strip()}")
        item = json.loads(run.stdout)["items"][0]
        item["wall"] = wall
        return item

    def planned_bytes(self, *arguments):
        """The peak that a dry run predicts."""
        return self.upsample("--dry-run", *arguments)["memory"]["peakBytes"]

    def start_seconds(self, repetitions):
        """The median time of `arssr --version`, from starting the process to its end."""
        times = []
        for _ in range(repetitions):
            start = time.perf_counter()
            subprocess.run([self.path, "--version"], check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - start)
        return statistics.median(times)
