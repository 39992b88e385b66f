"""The function that most callers need."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, overload

import numpy.typing as npt

from . import _errors, _result, _volumes, _wishes
from ._computer import Computer
from ._model import Model

if TYPE_CHECKING:
    from typing_extensions import Unpack


# What an interpolation has no use for.
_OF_MODELS = (
    "psf", "normalisation", "background", "guide", "guide_resample", "self_ensemble", "permutations",
    "exact", "precision")


class Options(_result.Options, total=False):
    """Options of a result, and of the computer and model that are used for it."""

    model: str | os.PathLike[str] | Model
    method: str
    exact: bool
    precision: str
    threads: int | None
    isa: str | None
    max_memory: int | None


@overload
def upsample(
    image: _volumes.Image, scale: _wishes.PerAxis | None = None, **options: Unpack[Options]
) -> _volumes.Image: ...


@overload
def upsample(
    image: npt.NDArray[Any] | _volumes.Volume, scale: _wishes.PerAxis | None = None,
    **options: Unpack[Options]
) -> _volumes.Volume: ...


def upsample(image: Any, scale: _wishes.PerAxis | None = None, **options: Any) -> Any:
    """Computes a volume of higher resolution over the same field of view.

    A nibabel image gives a nibabel image; an array, or a :class:`arssr.Volume`, gives a
    :class:`arssr.Volume`. float32 arrays with the first index fastest (``order="F"``, as nibabel
    makes them) are read where they lie; the result is written where it will stay.

    Args:
        image: Three dimensions.
        scale: Factor, 1 or more; one number or one per axis. By default 2, or the only one that the
            model has.
        spacing: In place of a factor: spacing in mm, met exactly.
        isotropic: In place of a factor: the finest spacing of the image on all axes.
        size: In place of a factor: voxels.
        like: In place of a factor: the grid of this image.
        affine: Place of the voxels, for arrays.
        model: A name, a path, or a :class:`arssr.Model`, of ArSSR or one of the systems that it is
            compared with. By default ``brain-t1w``.
        method: ``model``, or for comparison ``nearest``, ``linear``, ``cubic``, ``lanczos3``.
        mask: Compute only where it is not 0: an image over the same field of view, or an array of
            the image's shape.
        outside: What stands where the mask is 0: ``zero`` or ``linear``.
        clip: Limits of the result: ``none``, ``input`` or two numbers.
        psf: Blur of the image, FWHM over spacing; for models that ask for it.
        normalisation: Intensity map before the network: ``none``, ``max``, ``minmax``,
            ``percentile:LO,HI``, ``scale:V``. By default as the model's card says.
        background: Whether a constant background is written (``keep``) or computed (``compute``).
        nan: What becomes of voxels that are NaN, infinite or beyond 1e36: ``error`` or ``zero``.
        guide: Image of another contrast, for models that take one; an array without an affine has the
            grid of the result.
        guide_resample: Interpolate the guide by its affine where it does not lie on that grid.
        self_ensemble: The mean over the 8 mirrorings of the image, in 8 times the time.
        permutations: With it: axes that look alike are exchanged too, in up to 48 ways.
        progress: Called about ten times a second with the share that is done and what runs.
        exact, precision, threads, isa, max_memory: As for :meth:`arssr.Model.load`.

    Returns:
        The result in float32.

    Raises:
        ArssrError: With the code and exit status of the command for the same cause.
    """
    return _made(image, scale, options)


@overload
def upsample_with_uncertainty(
    image: _volumes.Image, scale: _wishes.PerAxis | None = None, **options: Unpack[Options]
) -> tuple[_volumes.Image, _volumes.Image]: ...


@overload
def upsample_with_uncertainty(
    image: npt.NDArray[Any] | _volumes.Volume, scale: _wishes.PerAxis | None = None,
    **options: Unpack[Options]
) -> tuple[_volumes.Volume, _volumes.Volume]: ...


def upsample_with_uncertainty(
    image: Any, scale: _wishes.PerAxis | None = None, **options: Any
) -> Any:
    """The result of a self-ensemble, and the error to expect of it.

    A network makes something else of a mirrored image; where the results lie apart, it draws what the
    image does not tell. The model's calibration makes expected errors of that.

    Args:
        image: Three dimensions.
        scale: As for :func:`arssr.upsample`.
        options: Those of :func:`arssr.upsample`; ``self_ensemble`` is implied.

    Returns:
        The mean over the 8 mirrorings, or with ``permutations`` up to 48 ways, and the standard
        deviation of the error to expect at every voxel, in the same units.

    Raises:
        ArssrError: With the code and exit status of the command for the same cause.
    """
    return _made(image, scale, options, uncertainty=True)


def _made(
    image: Any, scale: _wishes.PerAxis | None, options: dict[str, Any], uncertainty: bool = False
) -> Any:
    """The result of a model that is found, or of an interpolation."""
    method = options.pop("method", "model")
    model = options.pop("model", None)
    computing = {
        name: options.pop(name)
        for name in ("exact", "precision", "threads", "isa", "max_memory") if name in options}
    if isinstance(model, Model):
        if computing:
            raise _errors.usage(
                ", ".join(computing), "belongs to Model.load for a model that is loaded",
                "usage.conflict")
    elif method == "model":
        model = Model.shared("brain-t1w" if model is None else model, **computing)
    if method == "model":
        return _result.made(image, model._maker, 3, scale, uncertainty=uncertainty, **options)
    own = [name for name in _OF_MODELS if name in options or name in computing]
    if uncertainty:
        own.append("uncertainty")
    if model is not None or own:
        raise _errors.usage(
            ", ".join(own or ["model"]), f"has no meaning with method {method}", "usage.conflict")
    return _result.made(
        image, _result.Maker(Computer.shared(**computing), method), 3, scale, **options)
