"""What callers give, held to what the library takes; C would wrap, cut or misread the rest."""
from __future__ import annotations

import math
import operator
import os
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _errors


def whole(name: str, value: Any, bits: int) -> int:
    """A whole number from 1 on that a signed integer of C holds; 0, the library's own, for None."""
    if value is None:
        return 0
    most = 2 ** (bits - 1) - 1
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if not 1 <= number <= most:
        raise _errors.usage(name, f"is {value!r}, must be a whole number from 1 to {most}")
    return number


def text(name: str, value: Any) -> bytes:
    """A text as C reads it, where a NUL would be its end."""
    if not isinstance(value, str) or "\0" in value:
        raise _errors.usage(name, f"is {value!r}, must be a text without NUL")
    return value.encode(errors="surrogateescape")


def path(name: str, value: Any) -> str:
    """A path or a name."""
    try:
        return os.fsdecode(value)
    except TypeError:
        raise _errors.usage(name, f"is {value!r}, must be a path or a name") from None


def triple(name: str, value: Any) -> list[float]:
    """Three numbers, one per axis."""
    found = _numbers(value)
    if found is None or found.shape not in ((), (1,), (3,)):
        raise _errors.usage(name, f"is {value!r}, must be one number or three")
    return [float(number) for number in np.broadcast_to(found, (3,))]


def pair(name: str, value: Any, words: str) -> list[float]:
    """Two numbers, where words would do as well."""
    found = _numbers(value)
    if found is None or found.shape != (2,):
        raise _errors.usage(name, f"is {value!r}, must be {words} or two numbers")
    return [float(number) for number in found]


def extent(name: str, value: Any) -> float:
    """A number above 0; 0, the library's own, for None."""
    if value is None:
        return 0
    found = _numbers(value)
    if found is None or found.shape != () or not 0 < found < math.inf:
        raise _errors.usage(name, f"is {value!r}, must be a number above 0")
    return float(found)


def matrix(name: str, value: Any) -> npt.NDArray[np.float64]:
    """An affine of 4 x 4 numbers."""
    found = _numbers(value)
    if found is None or found.shape != (4, 4):
        shape = "no matrix" if found is None else found.shape
        raise _errors.usage(name, f"the affine is {shape}, must be (4, 4)")
    return found


def _numbers(value: Any) -> npt.NDArray[np.float64] | None:
    """An array of numbers; None where there is a value that is none."""
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return None
