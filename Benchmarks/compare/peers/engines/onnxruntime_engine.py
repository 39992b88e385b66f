"""ONNX Runtime with its own CPU kernels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from .base import Job, unavailable
from .exported import ExportedEngine, Run


class OnnxRuntimeEngine(ExportedEngine):
    """Float32; all graph optimisations, which are its default."""

    version = f"ONNX Runtime {onnxruntime.__version__}"

    def __init__(self, job: Job) -> None:
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = job.threads
        self.options.inter_op_num_threads = 1
        # The calling thread takes part and is not named; processors count from 1.
        others = ";".join(str(cpu + 1) for cpu in job.cpus[1:])
        if others:
            self.options.add_session_config_entry("session.intra_op_thread_affinities", others)
        super().__init__(job)

    def load(self, path: str) -> Run:
        """One session per model."""
        session = onnxruntime.InferenceSession(
            path, self.options, providers=["CPUExecutionProvider"]
        )
        names = [entry.name for entry in session.get_inputs()]

        def run(arguments: Sequence[np.ndarray]) -> np.ndarray:
            return session.run(None, dict(zip(names, arguments, strict=True)))[0]

        return run


class Narrowed(nn.Module):
    """A module that computes in bfloat16 between float32 arguments and results."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module.to(torch.bfloat16)

    def forward(self, *arguments: Tensor) -> Tensor:
        """Indices stay as they are."""
        narrow = [
            argument.to(torch.bfloat16) if argument.is_floating_point() else argument
            for argument in arguments
        ]
        return self.module(*narrow).float()


class BFloat16OnnxRuntimeEngine(OnnxRuntimeEngine):
    """Models stored in bfloat16, where the CPU kernels know it."""

    stored = "bfloat16"
    opset = 22  # the first whose convolution may be bfloat16

    def prepared(self, module: nn.Module) -> nn.Module:
        """Casts around the module."""
        return Narrowed(module)

    def load(self, path: str) -> Run:
        """Refused by versions without bfloat16 kernels."""
        try:
            return super().load(path)
        except Exception as error:
            raise unavailable("bfloat16", error) from error
