"""How near a result is to the truth."""
from __future__ import annotations

import ctypes
import dataclasses
from typing import Any

import numpy as np

from . import _errors, _native, _volumes
from ._computer import Computer


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
        mask: Voxels that count: an image or array of the truth's shape, or ``foreground`` for those
            where the truth is above 0. With a background of zeros, scores of whole volumes are far
            better than those of the object alone.
        range: Data range of ``psnr`` and ``ssim``; by default max - min of all the truth's voxels.
        threads: Threads that work.
        isa: Instruction set.

    Returns:
        The scores.

    Raises:
        ArssrError: If the volumes lie at different places, or an axis has fewer than 7 voxels.
    """
    images = [_volumes.volume(result, name="result"), _volumes.volume(truth, name="truth")]
    arrays = [_volumes.voxels(image) for image in images]
    grids = [_volumes.grid(image.data.shape, image.affine) for image in images]
    region = None if mask is None else _region(mask, arrays[1])
    values = _native.ScoreValues()
    _native.checked(
        "arssr_evaluate", Computer.shared(threads, isa).handle, arrays[0].ctypes.data,
        ctypes.byref(grids[0]), arrays[1].ctypes.data, ctypes.byref(grids[1]),
        None if region is None else region.ctypes.data, range or 0, ctypes.byref(values))
    return Scores(**{
        field.name: getattr(values, field.name) for field in dataclasses.fields(Scores)})


def _region(mask: Any, truth: _volumes.Float32Array) -> Any:
    if isinstance(mask, str):
        if mask != "foreground":
            raise _errors.usage("mask", f"is {mask!r}, must be an image, an array or foreground")
        inside = truth > 0
    else:
        inside = _volumes.volume(mask, name="mask").data != 0
    if inside.shape != truth.shape:
        raise _errors.usage(
            "mask", f"is {inside.shape}, must be {truth.shape}", "volume.overlap")
    return np.require(inside, np.uint8, ["F"])
