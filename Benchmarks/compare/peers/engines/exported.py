"""Encoder and decoder as ONNX models of fixed shape, for the engines that read these."""

from __future__ import annotations

import logging
import os
from abc import abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from ..networks.rows import FORMS
from .base import Candidate, Decoding, Engine, Job

Run = Callable[[Sequence[np.ndarray]], np.ndarray]


class ChannelsLastEncoder(nn.Module):
    """An encoder whose result lies as the decoder reads it: (n0, n1, n2, features)."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, volume: Tensor) -> Tensor:
        """(1, 1, n0, n1, n2) in."""
        return self.encoder(volume)[0].permute(1, 2, 3, 0)


def export(module: nn.Module, arguments: Sequence[np.ndarray], path: str, opset: int) -> str:
    """Writes the ONNX model unless another engine did; returns its path."""
    if not os.path.exists(path):
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        with torch.no_grad():
            program = torch.onnx.export(
                module.eval(),
                tuple(torch.from_numpy(array) for array in arguments),
                dynamo=True,
                opset_version=opset,
                verbose=False,
            )
        program.save(path + ".part")
        os.replace(path + ".part", path)
    return path


class ExportedEngine(Engine):
    """An engine that runs ONNX models."""

    stored = "float32"  # type of the numbers inside the models
    opset = 20

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.input = np.ascontiguousarray(self.volume[None, None])
        module = ChannelsLastEncoder(self.network.encoder)
        self.encoder = self._model("encoder", module, [self.input])

    def _model(self, name: str, module: nn.Module, arguments: Sequence[np.ndarray]) -> Run:
        path = os.path.join(self.job.folder, f"{name}-{self.stored}.onnx")
        return self.load(export(self.prepared(module), arguments, path, self.opset))

    def prepared(self, module: nn.Module) -> nn.Module:
        """What is exported for a module; engines that need another type override it."""
        return module

    @abstractmethod
    def load(self, path: str) -> Run:
        """Compiles a model; the result runs it."""

    def encode(self) -> np.ndarray:
        """(n0, n1, n2, features)."""
        return self.encoder([self.input])

    def ready(self, candidate: Candidate) -> Decoding:
        """One model per candidate, because shapes are fixed."""
        module = FORMS[candidate.form](self.network, *self.axes[1:])
        planes = np.zeros((2, *self.volume.shape[1:], self.form.features), np.float32)
        arguments = [
            *planes,
            np.zeros(3, np.float32),
            self.axes[1].coordinate[: candidate.rows],
            *module.row_arguments(0, candidate.rows),
        ]
        run = self._model(f"{candidate.form}-{candidate.rows}", module, arguments)

        def step(*values: np.ndarray) -> np.ndarray:
            return run(values)

        return self.row_decoding(
            candidate, step, module, np.ascontiguousarray, lambda features: features
        )
