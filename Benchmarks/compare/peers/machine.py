"""What this machine is, and what else ran on it while something was measured."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any


def output_of(command: list[str]) -> str:
    """Standard output of a command. Raises CalledProcessError when it fails."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def first_line(command: list[str]) -> str:
    """The first line that a command prints."""
    return output_of(command).strip().split("\n")[0]


def processor() -> str:
    """The processor's name."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"model name\s*:\s*(.*)", file.read())
    return found.group(1) if found else "unknown processor"


def measured_peak(benchmark: str, isa: str) -> float | None:
    """GFLOP/s of one core, multiply and add counted each, by the kernel-benchmark executable."""
    found = re.search(
        r"peak\s+([\d.]+) GFLOP/s", output_of([benchmark, "--isa", isa, "--shape", "none"])
    )
    return float(found.group(1)) if found else None


def seconds(body: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    """How long a call took, and its result."""
    started = time.perf_counter()
    result = body(*arguments)
    return time.perf_counter() - started, result


def peak_bytes() -> int:
    """The largest resident memory of this process so far."""
    with open("/proc/self/status", encoding="ascii") as status:
        found = re.search(r"VmHWM:\s+(\d+)", status.read())
    return int(found.group(1)) * 1024 if found else 0


def _busy_seconds() -> float:
    """Processor time that was not idle, of all processors, with what the host took away."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    ticks = user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK")


def _own_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@dataclass
class Watch:
    """Measures wall time, and how busy others kept the processors meanwhile."""

    seconds: float = 0.0
    others: float = 0.0  # processors in use by others, on average

    def __enter__(self) -> Watch:
        self._start = (time.perf_counter(), _busy_seconds(), _own_seconds())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        wall, busy, own = self._start
        self.seconds = time.perf_counter() - wall
        foreign = (_busy_seconds() - busy) - (_own_seconds() - own)
        self.others = max(0.0, foreign / self.seconds)
