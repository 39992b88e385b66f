"""How near a result is to the truth."""
from __future__ import annotations

import ctypes
import dataclasses
from typing import Any

import numpy as np

from . import _arguments, _errors, _native, _volumes
from ._computer import Computer

# How far a mask's voxels may lie from those of the truth.
_ALLOWED_MILLIMETRES = 1e-3


@dataclasses.dataclass(frozen=True)
class Scores:
    """Measures of ``arssr evaluate``, with the same values.

    Attributes:
        psnr: Peak signal-to-noise ratio in dB.
        ssim: Structural similarity with windows of 7 x 7 x 7 voxels.
        mae: Mean absolute difference.
        rmse: Root of the mean squared difference.
        nrmse: ``rmse`` over the root of the truth's mean square.
        hfen: High-frequency error norm.
        range: The data range of ``psnr`` and ``ssim``.
        voxels: Voxels that count.
    """

    psnr: float
    ssim: float
    mae: float
    rmse: float
    nrmse: float
    hfen: float
    range: float
    voxels: int

    def _repr_html_(self) -> str:
        fields = dataclasses.asdict(self)
        names = "".join(f"<th>{name}</th>" for name in fields)
        values = "".join(f"<td>{value:.6g}</td>" for value in fields.values())
        return f"<table><tr>{names}</tr><tr>{values}</tr></table>"


def evaluate(
    result: _volumes.ImageLike,
    truth: _volumes.ImageLike,
    *,
    mask: _volumes.ImageLike | str | None = None,
    range: float | None = None,
    threads: int | None = None,
    isa: str | None = None,
) -> Scores:
    """Scores a result against the truth.

    Args:
        result: On the truth's grid; nothing is resampled.
        truth: What it should be.
        mask: Voxels that count: an image on the truth's grid, an array of the truth's shape, or
            ``foreground`` for those where the truth is above 0. With a background of zeros, scores
            of whole volumes are far better than those of the object alone.
        range: Data range of ``psnr`` and ``ssim``; by default max - min of all the truth's voxels.
        threads: Threads that work.
        isa: Instruction set.

    Returns:
        The scores.

    Raises:
        ArssrError: If the volumes or the mask lie at different places, or an axis has fewer than 7
            voxels.
    """
    images = [_volumes.volume(result, name="result"), _volumes.volume(truth, name="truth")]
    arrays = [_volumes.voxels(image) for image in images]
    grids = [_volumes.grid(image.data.shape, image.affine) for image in images]
    place = images[1].affine if _has_place(truth) else None
    region = None if mask is None else _region(mask, arrays[1], place)
    values = _native.ScoreValues()
    _native.checked(
        "arssr_evaluate", Computer.shared(threads, isa).handle, arrays[0].ctypes.data,
        ctypes.byref(grids[0]), arrays[1].ctypes.data, ctypes.byref(grids[1]),
        None if region is None else region.ctypes.data, _arguments.extent("range", range),
        ctypes.byref(values))
    return Scores(**{
        field.name: getattr(values, field.name) for field in dataclasses.fields(Scores)})


def _region(mask: Any, truth: _volumes.Float32Array, place: Any) -> Any:
    if isinstance(mask, str):
        if mask != "foreground":
            raise _errors.usage("mask", f"is {mask!r}, must be an image, an array or foreground")
        inside = truth > 0
    else:
        found = _volumes.volume(mask, name="mask")
        # An array has no place but that of the other.
        _check_place(found, truth.shape, place if _has_place(mask) else None)
        inside = found.data != 0
    with _errors.memory():
        return np.require(inside, np.uint8, ["F"])


def _has_place(image: Any) -> bool:
    return isinstance(image, (_volumes.SpatialImage, _volumes.Volume))


def _check_place(mask: _volumes.Volume, shape: tuple[int, ...], place: Any) -> None:
    """Whether each voxel of a mask lies over the truth's, by the command's rule."""
    fault = None
    if mask.data.shape != shape:
        fault = f"is {mask.data.shape}, must be {shape}"
    elif place is not None:
        corners = np.array([
            [*(index * (length - 1) for index, length in zip(corner, shape)), 1]
            for corner in np.ndindex(2, 2, 2)])
        distances = np.linalg.norm((corners @ (mask.affine - place).T)[:, :3], axis=1)
        if not distances.max() <= _ALLOWED_MILLIMETRES:
            fault = f"its voxels lie up to {distances.max():.6g} mm from those of the truth"
    if fault is not None:
        raise _errors.DataError(fault, "volume.overlap", 65, "mask")
