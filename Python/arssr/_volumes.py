"""Images of callers as arrays in the order of the library, and results as they like them."""
from __future__ import annotations

from typing import Any, NamedTuple, Protocol, Sequence, TypeVar, Union, runtime_checkable

import numpy as np
import numpy.typing as npt

from . import _arguments, _errors, _native

Float32Array = npt.NDArray[np.float32]


class Volume(NamedTuple):
    """An array and its place in scanner space.

    Attributes:
        data: Values, indexed ``[i, j, k]``.
        affine: 4 x 4 matrix from voxel indices to scanner millimetres (RAS+).
    """

    data: npt.NDArray[Any]
    affine: npt.NDArray[np.float64]


@runtime_checkable
class SpatialImage(Protocol):
    """What is used of a nibabel image."""

    @property
    def affine(self) -> Any: ...
    @property
    def dataobj(self) -> Any: ...
    @property
    def header(self) -> Any: ...


#: A nibabel image; results are of the same kind.
Image = TypeVar("Image", bound=SpatialImage)

#: What volumes may be given as.
ImageLike = Union[SpatialImage, Volume, npt.NDArray[Any]]


def volume(image: ImageLike, affine: npt.ArrayLike | None = None, name: str = "image") -> Volume:
    """The array and affine of an image; an array without one gets voxels of 1 mm at the origin."""
    with _errors.memory():
        if isinstance(image, SpatialImage):
            data, place = np.asanyarray(image.dataobj), image.affine
        elif isinstance(image, Volume):
            data, place = _array(image.data, name), image.affine
        else:
            data, place = _array(image, name), np.eye(4)
    if affine is not None:
        place = affine
    if data.ndim > 3 and all(size == 1 for size in data.shape[3:]):
        data = data.reshape(data.shape[:3])
    if data.ndim != 3:
        raise _errors.usage(name, f"has {data.ndim} dimensions, must have 3; take one volume")
    if data.dtype.kind not in "biuf":
        raise _errors.usage(name, f"holds {data.dtype}, must hold real numbers")
    return Volume(data, _arguments.matrix(name, np.eye(4) if place is None else place))


def _array(values: Any, name: str) -> npt.NDArray[Any]:
    try:
        return np.asanyarray(values)
    except ValueError:
        raise _errors.usage(name, "has rows of unlike lengths, must be an array") from None


def voxels(source: Volume) -> Float32Array:
    """float32 with i fastest: the array itself where it lies so already, else a copy."""
    with _errors.memory():
        return np.require(source.data, np.float32, ["F", "ALIGNED"])


def room(shape: Sequence[int]) -> Float32Array:
    """Memory for a result."""
    with _errors.memory():
        return np.empty(shape, np.float32, order="F")


def grid(size: Sequence[int], affine: npt.NDArray[np.float64]) -> _native.Grid:
    """Size and place for the library."""
    result = _native.Grid()
    result.size[:] = [int(length) for length in size]
    result.affine[:] = affine[:3].ravel().tolist()
    return result


def place(grid_of_result: _native.Grid) -> tuple[tuple[int, ...], npt.NDArray[np.float64]]:
    """Shape and affine of a grid."""
    affine = np.eye(4)
    affine[:3] = np.reshape(grid_of_result.affine[:], (3, 4))
    return tuple(grid_of_result.size[:]), affine
