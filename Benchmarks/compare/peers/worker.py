"""One engine in a process of its own: its memory, its threads and its settings are its own."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

import numpy as np

from .engines.base import Job, Unavailable
from .engines.registry import PEERS
from .machine import Watch, peak_bytes


@dataclass
class Sample:
    """One measured pass over the volume."""

    encode: float  # seconds
    decode: float  # seconds for `planes` output planes
    planes: int
    total: float  # seconds; of arssr the whole process with files
    peak_bytes: int
    others: float  # processors in use by others meanwhile
    difference: dict[str, float] = field(default_factory=dict)


@dataclass
class Ready:
    """An engine whose models are compiled."""

    version: str


@dataclass
class Answer:
    """A sample, the decoded planes, and how decoding was chosen."""

    sample: Sample
    output: np.ndarray
    decoding: str
    trials: dict[str, float]


def serve(connection: Connection, name: str, job: Job, warm: bool) -> None:
    """Runs in the worker: sends Ready, then an Answer for each list of planes it gets."""
    try:
        engine = PEERS[name].engine()(job)
        if warm:
            engine.encode()
        connection.send(Ready(engine.version))
        trials: dict[str, float] = {}
        while planes := connection.recv():
            with Watch() as encoding:
                features = engine.encode()
            trials = trials or engine.tune(features)
            with Watch() as decoding:
                output = engine.decode(features, planes)
            del features
            total = encoding.seconds + decoding.seconds
            others = encoding.others * encoding.seconds + decoding.others * decoding.seconds
            sample = Sample(
                encoding.seconds,
                decoding.seconds,
                len(planes),
                encoding.seconds + decoding.seconds * job.size[0] / len(planes),
                peak_bytes(),
                others / total,
            )
            connection.send(Answer(sample, output, min(trials, key=lambda k: trials[k]), trials))
    except (Unavailable, ImportError) as reason:
        connection.send(Unavailable(str(reason)))
    except EOFError:
        return  # the measurement was stopped


class Worker:
    """The other end: starts the process and asks it for samples."""

    def __init__(self, name: str, job: Job, warm: bool) -> None:
        # Read when the engine is loaded, which happens in the child. Only PyTorch computes in
        # OpenMP's threads; for the others its binding of the first thread would bind theirs too.
        os.environ["OMP_NUM_THREADS"] = str(job.threads)
        os.environ["OMP_PLACES"] = ",".join(f"{{{cpu}}}" for cpu in job.cpus)
        os.environ["OMP_PROC_BIND"] = "close" if PEERS[name].uses_openmp else "false"
        os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, name, job, warm), daemon=True)
        # Inherited, because libraries look at it when they are loaded.
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, job.cpus)
        self.process.start()
        os.sched_setaffinity(0, before)
        other.close()
        try:
            self.ready: Ready = self._received()
        except Unavailable:
            self.close()
            raise

    def run(self, planes: list[int]) -> Answer:
        """One pass. Raises Unavailable when the engine cannot, or has ended."""
        self.connection.send(planes)
        return self._received()

    def _received(self) -> Ready | Answer:
        try:
            message = self.connection.recv()
        except EOFError as error:
            self.process.join()
            raise Unavailable(f"the process ended with {self.process.exitcode}") from error
        if isinstance(message, Unavailable):
            raise message
        return message

    def close(self) -> None:
        """Ends the process."""
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.connection.close()
