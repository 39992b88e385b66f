"""Decoding some rows of an output plane: separable sampling, concatenation, decoder.

An ordered grid needs no gather of eight neighbours per point: two input planes are blended, then
their rows, then the columns. Every engine runs these modules, PyTorch as they are, the others from
ONNX; both forms compute the same, and each engine takes the faster.
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import torch
from torch import Tensor, nn

from ..geometry import Axis
from .network import Network


class RowDecoder(nn.Module):
    """Output rows (R, m2) from the two input planes (n1, n2, features) around an output plane.

    `plane` holds the weights of the two planes and the coordinate along the first axis; `row` (R)
    holds the coordinates along the second; `blend` is what `row_arguments` gave for these rows.
    """

    def __init__(self, network: Network, rows: Axis, columns: Axis) -> None:
        super().__init__()
        self.decoder = network.decoder
        self.condition = network.form.condition
        self.rows, self.columns = rows, columns
        self.register_buffer("column", torch.from_numpy(columns.coordinate))

    @abstractmethod
    def row_arguments(self, first: int, last: int) -> tuple[np.ndarray, ...]:
        """What `sample` needs to know of output rows first ..< last."""

    @abstractmethod
    def sample(self, low: Tensor, high: Tensor, plane: Tensor, *blend: Tensor) -> Tensor:
        """The interpolated features (R, m2, features)."""

    def forward(
        self, low: Tensor, high: Tensor, plane: Tensor, row: Tensor, *blend: Tensor
    ) -> Tensor:
        """Intensities (R, m2) in float32."""
        sampled = self.sample(low, high, plane, *blend)
        shape = (sampled.shape[0], sampled.shape[1], 1)
        parts = [
            sampled,
            plane[2].reshape(1, 1, 1).expand(shape),
            row.reshape(-1, 1, 1).expand(shape),
            self.column.reshape(1, -1, 1).expand(shape),
        ]
        if self.condition is not None:
            parts.append(torch.full(shape, self.condition))
        inputs = torch.cat(parts, 2).reshape(shape[0] * shape[1], -1)
        return self.decoder(inputs).reshape(shape[0], shape[1]).float()


class GatheredRows(RowDecoder):
    """Takes the two neighbours by index and blends them."""

    def __init__(self, network: Network, rows: Axis, columns: Axis) -> None:
        super().__init__(network, rows, columns)
        self.register_buffer("low", torch.from_numpy(columns.low))
        self.register_buffer("high", torch.from_numpy(columns.high))
        self.register_buffer("low_weight", torch.from_numpy(columns.low_weight)[None, :, None])
        self.register_buffer("high_weight", torch.from_numpy(columns.high_weight)[None, :, None])

    def row_arguments(self, first: int, last: int) -> tuple[np.ndarray, ...]:
        """Indices and weights of both neighbours, each (2, R)."""
        rows, part = self.rows, slice(first, last)
        return (
            np.stack((rows.low[part], rows.high[part])),
            np.stack((rows.low_weight[part], rows.high_weight[part])),
        )

    def sample(self, low: Tensor, high: Tensor, plane: Tensor, *blend: Tensor) -> Tensor:
        """Rows first, so that the widest blend comes last."""
        index, weight = blend
        below, above = (
            low.index_select(0, index[side]) * plane[0]
            + high.index_select(0, index[side]) * plane[1]
            for side in (0, 1)
        )
        rows = below * weight[0, :, None, None] + above * weight[1, :, None, None]
        return (
            rows.index_select(1, self.low) * self.low_weight
            + rows.index_select(1, self.high) * self.high_weight
        )


class MultipliedRows(RowDecoder):
    """Blends rows and columns by products with interpolation matrices."""

    def __init__(self, network: Network, rows: Axis, columns: Axis) -> None:
        super().__init__(network, rows, columns)
        matrix = columns.matrix(0, columns.low.size)
        self.register_buffer("matrix", torch.from_numpy(matrix))

    def row_arguments(self, first: int, last: int) -> tuple[np.ndarray, ...]:
        """The part of the rows' matrix, (R, n1)."""
        return (self.rows.matrix(first, last),)

    def sample(self, low: Tensor, high: Tensor, plane: Tensor, *blend: Tensor) -> Tensor:
        """Rows first: the matrix acts on planes flattened to (n1, n2 features)."""
        blended = low * plane[0] + high * plane[1]
        rows = blend[0] @ blended.flatten(1)
        return self.matrix @ rows.reshape(-1, *blended.shape[1:])


FORMS: dict[str, type[RowDecoder]] = {"gather": GatheredRows, "product": MultipliedRows}
