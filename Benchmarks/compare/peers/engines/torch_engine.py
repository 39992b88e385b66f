"""PyTorch in its two memory formats, in float32 and under bfloat16 autocast, plain or compiled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..networks.network import plane_coordinates
from ..networks.rows import FORMS
from .base import Candidate, Decoding, Engine, Job, unavailable

GRID_SAMPLE = "grid_sample"  # the published form: eight neighbours of every point


class TorchEngine(Engine):
    """PyTorch in the default, contiguous format."""

    version = f"PyTorch {torch.__version__}"
    layout = torch.contiguous_format
    precision = torch.float32

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        torch.set_num_threads(job.threads)
        self.network.to(memory_format=self.layout)
        self.input = torch.from_numpy(self.volume)[None, None].to(memory_format=self.layout)
        self.encoder: Callable[[Tensor], Tensor] = self.network.encoder

    def _arithmetic(self) -> AbstractContextManager[Any]:
        if self.precision == torch.float32:
            return nullcontext()
        return torch.autocast("cpu", self.precision)

    def encode(self) -> Tensor:
        """(1, features, n0, n1, n2)."""
        with torch.inference_mode(), self._arithmetic():
            return self.encoder(self.input)

    def forms(self) -> Sequence[str]:
        """The published form too, where coordinates are what it samples at."""
        published = self.form.coordinates == "absolute" and self.form.condition is None
        return (*FORMS, GRID_SAMPLE) if published else tuple(FORMS)

    def compiled(self, module: Callable[..., Tensor]) -> Callable[..., Tensor]:
        """What runs a module; compiling engines override it."""
        return module

    def ready(self, candidate: Candidate) -> Decoding:
        """Rows of planes, or points as the published program takes them."""
        if candidate.form == GRID_SAMPLE:
            return self._point_decoding(candidate)
        module = FORMS[candidate.form](self.network, *self.axes[1:])
        run = self.compiled(module)

        def step(*arguments: Tensor) -> np.ndarray:
            with torch.inference_mode(), self._arithmetic():
                return run(*arguments).numpy()

        return self.row_decoding(candidate, step, module, torch.from_numpy, channels_last)

    def _point_decoding(self, candidate: Candidate) -> Decoding:
        points = candidate.rows * self.job.size[2]

        def plane(features: Tensor, index: int) -> np.ndarray:
            with torch.inference_mode(), self._arithmetic():
                coordinates = plane_coordinates(self.job.size, index)
                values = [
                    self.network.decode_points(features, part)
                    for part in coordinates.split(points, 1)
                ]
                return torch.cat(values).view(self.job.size[1:]).float().numpy()

        return Decoding(candidate, lambda features: features, plane)


def channels_last(features: Tensor) -> Tensor:
    """(n0, n1, n2, features), without a copy where they lie so already."""
    return features[0].permute(1, 2, 3, 0).contiguous()


class ChannelsLastTorchEngine(TorchEngine):
    """PyTorch in the format that its convolutions prefer."""

    layout = torch.channels_last_3d


class CompiledTorchEngine(ChannelsLastTorchEngine):
    """PyTorch's compiler over encoder and decoder, in the better of the plain engine's forms."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.encoder = self.compiled(self.network.encoder)

    def compiled(self, module: Callable[..., Tensor]) -> Callable[..., Tensor]:
        """Compiled at the first call, for the shapes of that call."""
        return torch.compile(module, dynamic=False)

    def encode(self) -> Tensor:
        """As plain PyTorch; compiles at the first call."""
        try:
            return super().encode()
        except Exception as error:
            raise unavailable("torch.compile", error) from error

    def tune(self, features: Tensor) -> dict[str, float]:
        """As plain PyTorch; compiles every candidate."""
        try:
            return super().tune(features)
        except Exception as error:
            raise unavailable("torch.compile", error) from error

    def candidates(self) -> list[Candidate]:
        """Compiling takes long, so only every form with the rows nearest to 4096 points."""
        rows = min(
            (candidate.rows for candidate in super().candidates()),
            key=lambda count: abs(count * self.job.size[2] - 4096),
        )
        return [Candidate(form, rows) for form in FORMS]


class BFloat16TorchEngine(TorchEngine):
    """Autocast, contiguous."""

    precision = torch.bfloat16


class BFloat16ChannelsLastTorchEngine(ChannelsLastTorchEngine):
    """Autocast in the format that convolutions prefer."""

    precision = torch.bfloat16
