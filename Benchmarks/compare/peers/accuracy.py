"""Errors of arssr and PyTorch against float64: `python -m peers.accuracy --arssr <executable>`.

The encoders of published size with generated weights and the model that ships, on 40 x 40 x 40
voxels, one point per voxel; rms and largest difference from PyTorch in float64, over the range of
the result. Prints a table; exits with 1 where Winograd's algorithm errs more than twice as much as
the direct path.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .__main__ import DEFAULT_MODEL
from .arssr import Arssr
from .cases import Inputs, Prepared, prepare
from .engines.base import Candidate, Decoding, Engine, Job
from .engines.torch_engine import TorchEngine, channels_last
from .networks.rows import FORMS
from .volumes import read_nifti, scaled
from .workloads import Case, cube

EDGE = 40
MOST = 2.0  # times the direct path's error
PATHS = {"Winograd": (), "direct": ("--exact",)}


class DoubleEngine(TorchEngine):
    """PyTorch in float64."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.network.double()
        self.input = self.input.double()

    def ready(self, candidate: Candidate) -> Decoding:
        """Rows of planes; what arrives as float32 is widened."""
        module = FORMS[candidate.form](self.network, *self.axes[1:]).double()

        def step(*arguments: Tensor) -> np.ndarray:
            with torch.inference_mode():
                return module(*arguments).numpy()

        def convert(array: np.ndarray) -> Tensor:
            tensor = torch.from_numpy(array)
            return tensor.double() if tensor.is_floating_point() else tensor

        return self.row_decoding(candidate, step, module, convert, channels_last)


def decoded(engine: Engine) -> np.ndarray:
    """All planes of a volume."""
    features = engine.encode()
    engine.decoding = engine.ready(Candidate(next(iter(FORMS)), EDGE))
    return engine.decode(features, range(EDGE)).astype(np.float64)


def errors(values: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Rms and largest difference over the range."""
    difference = np.abs(values - truth) / np.ptp(truth)
    return float(np.sqrt(np.mean(difference**2))), float(difference.max())


def measured(prepared: Prepared, arssr: Arssr, folder: str) -> dict[str, tuple[float, float]]:
    """The errors of every path."""
    job = prepared.job(os.cpu_count() or 1, tuple(sorted(os.sched_getaffinity(0))), folder)
    truth = decoded(DoubleEngine(job))
    found = {"PyTorch": errors(decoded(TorchEngine(job)), truth)}
    for name, options in PATHS.items():
        output = os.path.join(folder, f"{name}.nii")
        words = (*options, "--normalisation", prepared.normalisation)
        arssr.run(job, words, prepared.volume, output)
        values = scaled(read_nifti(output), prepared.limits) - prepared.base()
        found[name] = errors(values.astype(np.float64), truth)
    return found


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="peers.accuracy", description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the executable")
    parser.add_argument("--default-model", default=str(DEFAULT_MODEL))
    options = parser.parse_args()
    arssr = Arssr(os.path.abspath(options.arssr))
    inputs = Inputs(options.default_model, None, None)
    print("| network | direct, rms | Winograd, rms | PyTorch float32, rms | Winograd / direct | "
          "largest: direct, Winograd, PyTorch |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix="arssr-accuracy-") as folder:
        for model in ("RDN", "ResCNN", "SRResnet", "default"):
            place = Path(folder, model)
            place.mkdir()
            case = Case(model, "noise", cube(EDGE), cube(EDGE))
            found = measured(prepare(case, inputs, str(place)), arssr, str(place))
            (direct, d), (fast, f) = found["direct"], found["Winograd"]
            peer, p = found["PyTorch"]
            worst = max(worst, fast / direct)
            name = Path(options.default_model).stem if model == "default" else model
            print(f"| {name} | {direct:.1e} | {fast:.1e} | {peer:.1e} | {fast / direct:.2f} | "
                  f"{d:.1e}, {f:.1e}, {p:.1e} |", flush=True)
    if worst > MOST:
        sys.exit(f"compare: Winograd's algorithm errs {worst:.2f} times as much as the direct path")


if __name__ == "__main__":
    main()
