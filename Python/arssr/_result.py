"""One result: from an image and wishes to a call of the library."""
from __future__ import annotations

import ctypes
from typing import Any, NamedTuple, Sequence, TypedDict

import numpy as np
import numpy.typing as npt

from . import _arguments, _errors, _headers, _native, _volumes, _wishes
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
    guide: _volumes.ImageLike | None
    guide_resample: bool
    self_ensemble: bool
    permutations: bool
    progress: Progress | None


class Maker(NamedTuple):
    """What makes results.

    Attributes:
        computer: What it runs on.
        name: Of the model, or of the method where there is none.
        resolver: The model, ready for the computer; None: values are interpolated.
        counts_voxels: Whether its factor is a ratio of sizes, not of spacings.
    """

    computer: Computer
    name: str
    resolver: ctypes.c_void_p | None = None
    counts_voxels: bool = False


def made(
    image: Any,
    maker: Maker,
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
    guide: _volumes.ImageLike | None = None,
    guide_resample: bool = False,
    self_ensemble: bool = False,
    permutations: bool = False,
    progress: Progress | None = None,
    uncertainty: bool = False,
) -> Any:
    """The result, in the form of the image.

    With ``uncertainty`` a pair: the result and the standard deviations of its expected error.
    """
    self_ensemble = self_ensemble or uncertainty
    _check(self_ensemble, permutations, guide, guide_resample, progress)
    source = _volumes.volume(image, affine)
    array = _volumes.voxels(source)
    grid = _volumes.grid(array.shape, source.affine)
    target = _wishes.target(scale, spacing, isotropic, size, like)
    settings = _wishes.settings(
        normalisation, psf, clip, outside, background, nan, guide_resample, self_ensemble,
        permutations)
    # Arrays that the library reads and writes, held as long as the call lasts.
    held = [array]
    if mask is not None:
        own = source.affine if isinstance(mask, np.ndarray) else None
        settings.mask, settings.mask_grid = _placed(mask, own, "mask", held)
    output = _native.Grid()
    job = Job()
    _native.checked(
        "arssr_plan", maker.resolver, job.handle, ctypes.byref(grid), ctypes.byref(target),
        ctypes.byref(output))
    shape, place = _volumes.place(output)
    if guide is not None:
        # An array without an affine is meant to lie on the grid of the result.
        own = place if isinstance(guide, np.ndarray) else None
        settings.guide, settings.guide_grid = _placed(guide, own, "guide", held)
    result = _volumes.room(shape)
    deviations = _volumes.room(shape) if uncertainty else None
    held += [result] if deviations is None else [result, deviations]
    volumes = (
        array.ctypes.data, ctypes.byref(grid), ctypes.byref(target), ctypes.byref(settings),
        result.ctypes.data)
    if maker.resolver is None:
        job.run(
            progress, held, "arssr_interpolate", maker.computer.handle, job.handle,
            _arguments.text("method", maker.name), *volumes)
    else:
        spread = None if deviations is None else deviations.ctypes.data
        job.run(progress, held, "arssr_upsample", maker.resolver, job.handle, *volumes, spread)
    job.warn(stacklevel + 1)
    making = _headers.Making(source, maker.name, maker.counts_voxels, like)
    made = _headers.like(image, _volumes.Volume(result, place), making)
    if deviations is None:
        return made
    errors = _volumes.Volume(deviations, place)
    return made, _headers.like(image, errors, making, "expected error")


def _placed(
    image: Any, affine: Any, name: str, held: list[_volumes.Float32Array]
) -> tuple[int, _native.Grid]:
    """Address and grid of an image beside the input, whose array is held."""
    found = _volumes.volume(image, affine, name)
    array = _volumes.voxels(found)
    held.append(array)
    return array.ctypes.data, _volumes.grid(array.shape, found.affine)


def _check(
    self_ensemble: bool, permutations: bool, guide: object, guide_resample: bool, progress: object
) -> None:
    if permutations and not self_ensemble:
        raise _errors.usage(
            "permutations", "has a meaning only with self_ensemble", "usage.conflict")
    if guide is None and guide_resample:
        raise _errors.usage("guide_resample", "has a meaning only with guide", "usage.conflict")
    if progress is not None and not callable(progress):
        raise _errors.usage("progress", f"is {progress!r}, must be a function")
