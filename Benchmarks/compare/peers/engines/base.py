"""What every engine does, and how its best way to decode is found."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..description import describe
from ..geometry import Axis, axis, continued
from ..machine import seconds
from ..networks.network import Network, loaded
from ..networks.rows import FORMS, RowDecoder
from ..tensors import read_tensors

# Points decoded at once that are tried; each is met by the nearest divisor of the plane's rows.
POINTS = (1024, 4096, 16384, 65536)
TRIAL_PLANES = (0.1, 0.5, 0.9)  # places along the first axis


class Unavailable(Exception):
    """This engine cannot do this here; the text says why."""


def unavailable(what: str, error: Exception) -> Unavailable:
    """The first line of another engine's error as the reason."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    # Folders differ from run to run and tell nothing.
    return Unavailable(f"{what}: {re.sub(r'[^ ]*/', '', lines[0]).rstrip('.')}")


@dataclass(frozen=True)
class Job:
    """What to compute and with what: the same for every engine."""

    model: str  # safetensors
    volume: str  # .npy, float32, normalised, [k][j][i]
    size: tuple[int, int, int]  # of the result, (m0, m1, m2)
    threads: int
    cpus: tuple[int, ...]  # as many as threads
    folder: str  # for exported models, shared by the engines


@dataclass(frozen=True)
class Candidate:
    """One way to decode a plane."""

    form: str
    rows: int  # decoded at once


@dataclass
class Decoding:
    """A candidate made ready: `begin` once per volume, then `plane` for each output plane."""

    candidate: Candidate
    begin: Callable[[Any], Any]
    plane: Callable[[Any, int], np.ndarray]


class Engine(ABC):
    """Encodes once per volume and decodes plane by plane."""

    version: str

    def __init__(self, job: Job) -> None:
        self.job = job
        tensors, metadata = read_tensors(job.model)
        self.form = describe(tensors, metadata)
        self.network: Network = loaded(self.form, tensors)
        self.volume = continued(np.load(job.volume), self.form.margin)
        self.axes: list[Axis] = [
            axis(inputs, outputs, self.form)
            for inputs, outputs in zip(self.volume.shape, job.size, strict=True)
        ]
        self.decoding: Decoding | None = None

    @abstractmethod
    def encode(self) -> Any:
        """The features, however this engine likes to hold them."""

    @abstractmethod
    def ready(self, candidate: Candidate) -> Decoding:
        """Compiles one way to decode. Raises Unavailable when the engine cannot."""

    def forms(self) -> Sequence[str]:
        """The forms of decoding that are tried."""
        return tuple(FORMS)

    def candidates(self) -> list[Candidate]:
        """Every form with every useful number of rows."""
        height, width = self.job.size[1:]
        divisors = [count for count in range(1, height + 1) if height % count == 0]
        counts = {min(divisors, key=lambda rows: abs(rows * width - points)) for points in POINTS}
        return [Candidate(form, rows) for form in self.forms() for rows in sorted(counts)]

    def tune(self, features: Any) -> dict[str, float]:
        """Keeps the fastest candidate; returns seconds per plane of all."""
        planes = [int(place * self.job.size[0]) for place in TRIAL_PLANES]
        trials: dict[str, float] = {}
        best = float("inf")
        for candidate in self.candidates():
            decoding = self.ready(candidate)
            prepared = decoding.begin(features)
            decoding.plane(prepared, planes[0])
            taken = min(seconds(decoding.plane, prepared, plane)[0] for plane in planes)
            trials[f"{candidate.form}, {candidate.rows} rows"] = taken
            if taken < best:
                best, self.decoding = taken, decoding
        return trials

    def decode(self, features: Any, planes: Sequence[int]) -> np.ndarray:
        """Intensities (planes, m1, m2) in the way that `tune` kept."""
        assert self.decoding is not None, "tune() comes first"
        prepared = self.decoding.begin(features)
        result = np.empty((len(planes), *self.job.size[1:]), np.float32)
        for place, plane in enumerate(planes):
            result[place] = self.decoding.plane(prepared, plane)
        return result

    def row_decoding(
        self,
        candidate: Candidate,
        step: Callable[..., np.ndarray],
        module: RowDecoder,
        convert: Callable[[np.ndarray], Any],
        begin: Callable[[Any], Any],
    ) -> Decoding:
        """Runs `step` over the rows of a plane; `convert` makes the engine's arrays."""
        first, second = self.axes[0], self.axes[1]
        planes = [
            convert(np.array(values, np.float32))
            for values in zip(first.low_weight, first.high_weight, first.coordinate, strict=True)
        ]
        parts = [
            (start, [convert(array) for array in arguments])
            for start in range(0, self.job.size[1], candidate.rows)
            for arguments in [
                (
                    second.coordinate[start : start + candidate.rows],
                    *module.row_arguments(start, start + candidate.rows),
                )
            ]
        ]

        def plane(prepared: Any, index: int) -> np.ndarray:
            result = np.empty(self.job.size[1:], np.float32)
            low, high = prepared[first.low[index]], prepared[first.high[index]]
            for start, arguments in parts:
                rows = step(low, high, planes[index], *arguments)
                result[start : start + candidate.rows] = rows
            return result

        return Decoding(candidate, begin, plane)
