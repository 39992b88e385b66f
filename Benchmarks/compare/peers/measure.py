"""Runs arssr and the peers by turns on one case, checks every result and keeps every sample."""

from __future__ import annotations

import os
from typing import Any

from .arssr import Arssr
from .cases import Prepared
from .check import Reference, complaint
from .engines.base import Unavailable
from .engines.registry import PEERS
from .store import Store
from .worker import Sample, Worker
from .workloads import ARSSR, Workload


class Measurement:
    """One case with one number of threads."""

    def __init__(
        self,
        workload: Workload,
        prepared: Prepared,
        arssr: Arssr,
        store: Store,
        cpus: tuple[int, ...],
        folder: str,
    ) -> None:
        self.workload, self.prepared, self.arssr, self.store = workload, prepared, arssr, store
        self.job = prepared.job(len(cpus), cpus, folder)
        self.folder = folder
        self.workers: dict[str, Worker] = {}
        self.reference: Reference | None = None

    def run(self) -> None:
        """All turns that are not in the store yet."""
        try:
            for turn in range(self.workload.turns):
                for name in self.workload.participants:
                    row = self._row(name)
                    if not self.store.is_done(row, turn):
                        self._measure(name, row, turn)
        finally:
            for worker in self.workers.values():
                worker.close()
            self.workers.clear()

    def _row(self, name: str) -> dict[str, Any]:
        row = self.store.row(self.prepared.case.title, self.job.threads, name)
        known = ARSSR[name] if name in ARSSR else PEERS[name]
        row["label"], row["precision"] = known.label, known.precision
        row["macs"], row["planesOfResult"] = self.prepared.macs, self.job.size[0]
        row["voxels"] = [_product(self.prepared.case.size), _product(self.prepared.case.target)]
        return row

    def _measure(self, name: str, row: dict[str, Any], turn: int) -> None:
        label = f"threads {self.job.threads}, turn {turn + 1}: {name}"
        try:
            sample = self._arssr(name, row) if name in ARSSR else self._peer(name, row)
        except Unavailable as reason:
            row["skipped"] = str(reason)
            self.store.save()
            print(f"{label}: skipped, {reason}", flush=True)
            return
        wrong = complaint(sample.difference, row["precision"])
        if wrong:
            raise SystemExit(f"compare: {label}: {wrong}")
        self.store.add(row, sample)
        print(
            f"{label}: encoder {sample.encode:.3f} s, {sample.planes} planes {sample.decode:.3f} s,"
            f" total {sample.total:.3f} s; differs by {sample.difference['largest']:.1e}",
            flush=True,
        )

    def _arssr(self, name: str, row: dict[str, Any]) -> Sample:
        self.arssr.require(ARSSR[name].options)
        if name == "arssr" and self.reference is None:
            return self._first_arssr(row)
        sample, output = self._arssr_run(name, row)
        sample.difference = self._checked().difference_of_file(output)
        return sample

    def _first_arssr(self, row: dict[str, Any]) -> Sample:
        """The run that the others are held against; a first pass warms the file cache."""
        if self.workload.warm:
            self._arssr_run("arssr", row)
        sample, output = self._arssr_run("arssr", row)
        self.reference = Reference(self.prepared, output)
        sample.difference = {"largest": 0.0, "rms": 0.0, "compared": 1.0}
        return sample

    def _arssr_run(self, name: str, row: dict[str, Any]) -> tuple[Sample, str]:
        output = os.path.join(self.folder, f"{name}.nii")
        options = (*ARSSR[name].options, "--normalisation", self.prepared.normalisation)
        command = self.arssr.command(self.job, options, self.prepared.volume, output)
        row["command"] = " ".join(os.path.basename(word) for word in command)
        return self.arssr.run(self.job, options, self.prepared.volume, output), output

    def _peer(self, name: str, row: dict[str, Any]) -> Sample:
        reference = self._checked()
        if name not in self.workers:
            self.workers[name] = Worker(name, self.job, self.workload.warm)
        worker = self.workers[name]
        self.store.contents["versions"][worker.ready.version] = True
        planes = self._planes()
        answer = worker.run(planes)
        if not self.workload.warm:
            self.workers.pop(name).close()
        row["decoding"], row["trials"] = answer.decoding, answer.trials
        answer.sample.difference = reference.difference(answer.output, planes)
        return answer.sample

    def _planes(self) -> list[int]:
        """All output planes, or a part of them spread evenly."""
        count = self.job.size[0]
        part = self.prepared.case.peer_planes or count
        return [int((index + 0.5) * count / part) for index in range(part)]

    def _checked(self) -> Reference:
        """arssr's result; where a continued measurement has none, it is computed, not recorded."""
        if self.reference is None:
            _, output = self._arssr_run("arssr", {})
            self.reference = Reference(self.prepared, output)
        return self.reference


def _product(size: tuple[int, int, int]) -> int:
    return size[0] * size[1] * size[2]
