"""Where output voxels lie in the input, per axis, and what interpolation makes of that.

Output voxel j of m lies at u = (j + 1/2) n / m - 1/2 in input voxels, n of them: both grids span
the same field of view. All in double; tables for the engines are rounded to float32 once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .description import Description

# Half-way positions go to the upper voxel, whatever rounding did to them.
TIE = 1e-6


@dataclass(frozen=True)
class Axis:
    """One axis of the output grid: two taps with weights, and the decoder's coordinate."""

    low: np.ndarray  # (m,) int64
    high: np.ndarray
    low_weight: np.ndarray  # (m,) float32
    high_weight: np.ndarray
    coordinate: np.ndarray  # (m,) float32
    inputs: int

    def matrix(self, first: int, last: int) -> np.ndarray:
        """The (last - first, inputs) interpolation matrix of some output voxels."""
        rows = np.zeros((last - first, self.inputs), np.float32)
        index = np.arange(last - first)
        np.add.at(rows, (index, self.low[first:last]), self.low_weight[first:last])
        np.add.at(rows, (index, self.high[first:last]), self.high_weight[first:last])
        return rows


def continued(volume: np.ndarray, margin: int) -> np.ndarray:
    """A volume with `margin` more voxels at every face, mirrored there."""
    return np.pad(volume, margin, "symmetric")


def positions(inputs: int, outputs: int, margin: int) -> np.ndarray:
    """Positions of the output voxels in a continued input of `inputs` voxels."""
    return (np.arange(outputs) + 0.5) * (inputs - 2 * margin) / outputs - 0.5 + margin


def axis(inputs: int, outputs: int, description: Description) -> Axis:
    """The tables of one axis of a continued input. Taps outside it count as 0, or as the nearest voxel."""
    exact = positions(inputs, outputs, description.margin)
    clamped = np.clip(exact, 0, inputs - 1) if description.padding == "border" else exact
    low = np.floor(clamped).astype(np.int64)
    share = clamped - low
    inside = [(index >= 0) & (index < inputs) for index in (low, low + 1)]
    if description.coordinates == "relative":
        coordinate = exact - np.floor(exact + 0.5 + TIE)
    else:
        coordinate = (2 * exact + 1) / inputs - 1
    return Axis(
        np.clip(low, 0, inputs - 1),
        np.clip(low + 1, 0, inputs - 1),
        ((1 - share) * inside[0]).astype(np.float32),
        (share * inside[1]).astype(np.float32),
        coordinate.astype(np.float32),
        inputs,
    )


def spline_basis(position: np.ndarray, count: int) -> np.ndarray:
    """Cubic B-spline weights of `count` samples mirrored at the outer ones, a row per position."""
    base = np.floor(position).astype(np.int64)
    t = position - base
    weights = (
        (1 - t) ** 3 / 6,
        2 / 3 - t * t * (2 - t) / 2,
        2 / 3 - (1 - t) ** 2 * (1 + t) / 2,
        t**3 / 6,
    )
    period = max(2 * count - 2, 1)
    rows = np.zeros((position.size, count))
    for offset, weight in enumerate(weights):
        folded = np.abs(base - 1 + offset) % period
        folded = np.where(folded < count, folded, period - folded)
        np.add.at(rows, (np.arange(position.size), folded), weight)
    return rows


def residual(
    volume: np.ndarray, size: tuple[int, ...], description: Description
) -> np.ndarray | float:
    """The interpolated volume that a residual network adds to, on a grid of `size`, in double."""
    if description.residual == "none":
        return 0.0
    result = continued(volume, description.margin).astype(np.float64)
    for dimension, (inputs, outputs) in enumerate(zip(result.shape, size, strict=True)):
        if description.residual == "trilinear":
            border = axis(inputs, outputs, replace(description, padding="border"))
            matrix = border.matrix(0, outputs).astype(np.float64)
        else:
            samples = spline_basis(np.arange(inputs, dtype=np.float64), inputs)
            exact = positions(inputs, outputs, description.margin)
            matrix = np.linalg.solve(samples.T, spline_basis(exact, inputs).T).T
        result = np.moveaxis(np.tensordot(matrix, result, (1, dimension)), 0, dimension)
    return result
