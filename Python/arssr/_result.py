"""One result: from an image and wishes to a call of the library."""
from __future__ import annotations

import ctypes
from typing import Any, Sequence, TypedDict

import numpy as np
import numpy.typing as npt

from . import _native, _volumes, _wishes
from ._computer import Computer
from ._job import Job, Progress


class Options(TypedDict, total=False):
    """How a result is made; see :func:`arssr.upsample`."""

    spacing: _wishes.PerAxis | None
    isotropic: bool
    size: int | Sequence[int] | None
    like: _volumes.ImageLike | None
    affine: npt.ArrayLike | None
    mask: _volumes.ImageLike | None
    outside: str
    clip: str | Sequence[float]
    psf: _wishes.PerAxis | None
    normalisation: str | None
    background: str | None
    nan: str
    progress: Progress | None


def made(
    image: Any,
    computer: Computer,
    resolver: ctypes.c_void_p | None,
    method: str,
    stacklevel: int,
    scale: _wishes.PerAxis | None = None,
    *,
    spacing: _wishes.PerAxis | None = None,
    isotropic: bool = False,
    size: int | Sequence[int] | None = None,
    like: _volumes.ImageLike | None = None,
    affine: npt.ArrayLike | None = None,
    mask: _volumes.ImageLike | None = None,
    outside: str = "zero",
    clip: str | Sequence[float] = "none",
    psf: _wishes.PerAxis | None = None,
    normalisation: str | None = None,
    background: str | None = None,
    nan: str = "error",
    progress: Progress | None = None,
) -> Any:
    """The result, in the form of the image; by interpolation where there is no resolver."""
    source = _volumes.volume(image, affine)
    array = _volumes.voxels(source)
    grid = _volumes.grid(array.shape, source.affine)
    target = _wishes.target(scale, spacing, isotropic, size, like)
    settings = _wishes.settings(normalisation, psf, clip, outside, background, nan)
    region = None
    if mask is not None:
        own = source.affine if isinstance(mask, np.ndarray) else None
        found = _volumes.volume(mask, own, "mask")
        region = _volumes.voxels(found)
        settings.mask = region.ctypes.data
        settings.mask_grid = _volumes.grid(region.shape, found.affine)
    output = _native.Grid()
    with Job() as job:
        _native.checked(
            "arssr_plan", resolver, job.handle, ctypes.byref(grid), ctypes.byref(target),
            ctypes.byref(output))
        shape, place = _volumes.place(output)
        result = np.empty(shape, np.float32, order="F")
        volumes = (
            array.ctypes.data, ctypes.byref(grid), ctypes.byref(target), ctypes.byref(settings),
            result.ctypes.data)
        if resolver is None:
            job.run(
                progress, "arssr_interpolate", computer.handle, job.handle, method.encode(),
                *volumes)
        else:
            job.run(progress, "arssr_upsample", resolver, job.handle, *volumes)
        job.warn(stacklevel + 1)
    return _volumes.like(image, _volumes.Volume(result, place))
