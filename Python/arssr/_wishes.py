"""What callers ask of a result, in the structures of the library."""
from __future__ import annotations

from typing import Any, Sequence, Union

import numpy as np

from . import _arguments, _errors, _native, _volumes

#: One number for all axes, or one per axis i, j, k.
PerAxis = Union[float, Sequence[float]]


def target(
    scale: PerAxis | None,
    spacing: PerAxis | None,
    isotropic: bool,
    size: int | Sequence[int] | None,
    like: _volumes.ImageLike | None,
) -> _native.Target:
    """The one grid that was asked for; the model's own, or twice as fine, where none was."""
    wishes = {
        "scale": scale is not None, "spacing": spacing is not None, "isotropic": isotropic,
        "size": size is not None, "like": like is not None,
    }
    given = [name for name, is_given in wishes.items() if is_given]
    if len(given) > 1:
        raise _errors.usage(
            ", ".join(given), "only one can say which grid the result has", "usage.conflict")
    result = _native.Target()
    if like is not None:
        result.kind = _native.LIKE
        found = _volumes.volume(like, name="like")
        result.like = _volumes.grid(found.data.shape, found.affine)
    elif isotropic:
        result.kind = _native.ISOTROPIC
    elif size is not None:
        result.kind, result.values[:] = _native.SIZE, _sizes(size)
    elif spacing is not None:
        result.kind, result.values[:] = _native.SPACING, _arguments.triple("spacing", spacing)
    elif scale is not None:
        result.kind, result.values[:] = _native.SCALE, _arguments.triple("scale", scale)
    else:
        result.kind = _native.STANDARD
    return result


def settings(
    normalisation: str | None,
    psf: PerAxis | None,
    clip: str | Sequence[float],
    outside: str,
    background: str | None,
    nan: str,
    guide_resample: bool,
    self_ensemble: bool,
    permutations: bool,
) -> _native.Settings:
    """How the result is made; mask and guide are put in where their arrays are held."""
    result = _native.Settings()
    if normalisation not in (None, "card"):
        result.normalisation = _arguments.text("normalisation", normalisation)
    if psf is not None:
        result.psf[:] = _arguments.triple("psf", psf)
        result.psf_count = 1 if np.ndim(psf) == 0 else 3
    if isinstance(clip, str):
        result.clip = _choice("clip", clip, ("none", "input"))
    else:
        result.clip, result.clip_range[:] = 2, _arguments.pair("clip", clip, "none, input")
    result.outside_linear = _choice("outside", outside, ("zero", "linear"))
    result.background = _choice("background", background, (None, "keep", "compute"))
    result.zero_nonfinite = _choice("nan", nan, ("error", "zero"))
    result.guide_resample = int(bool(guide_resample))
    result.ensemble = (2 if permutations else 1) if self_ensemble else 0
    return result


def _choice(name: str, value: str | None, choices: Sequence[str | None]) -> int:
    if not (value is None or isinstance(value, str)) or value not in choices:
        raise _errors.usage(name, f"is {value!r}, must be one of {', '.join(map(str, choices))}")
    return list(choices).index(value)


def _sizes(value: Any) -> list[float]:
    lengths = _arguments.triple("size", value)
    if not all(length.is_integer() for length in lengths):
        raise _errors.usage("size", f"is {value!r}, must be whole numbers")
    return lengths
