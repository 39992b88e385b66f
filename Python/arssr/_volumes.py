"""Images of callers as arrays in the order of the library, and results as they like them."""
from __future__ import annotations

import importlib
from typing import Any, NamedTuple, Protocol, Sequence, TypeVar, Union, runtime_checkable

import numpy as np
import numpy.typing as npt

from . import _errors, _native

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
    if isinstance(image, SpatialImage):
        data, place = np.asanyarray(image.dataobj), image.affine
    elif isinstance(image, Volume):
        data, place = np.asanyarray(image.data), image.affine
    else:
        data, place = np.asanyarray(image), np.eye(4)
    if affine is not None:
        place = affine
    if data.ndim > 3 and all(size == 1 for size in data.shape[3:]):
        data = data.reshape(data.shape[:3])
    if data.ndim != 3:
        raise _errors.usage(name, f"has {data.ndim} dimensions, must have 3; take one volume")
    if data.dtype.kind not in "biuf":
        raise _errors.usage(name, f"holds {data.dtype}, must hold real numbers")
    matrix = np.asarray(np.eye(4) if place is None else place, dtype=np.float64)
    if matrix.shape != (4, 4):
        raise _errors.usage(name, f"the affine is {matrix.shape}, must be (4, 4)")
    return Volume(data, matrix)


def voxels(source: Volume) -> Float32Array:
    """float32 with i fastest: the array itself where it lies so already, else a copy."""
    return np.require(source.data, np.float32, ["F", "ALIGNED"])


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


def like(image: ImageLike, result: Volume) -> Any:
    """A result in the form of the image that it was made from."""
    if not isinstance(image, SpatialImage):
        return result
    # Who gives nibabel's images has it; who gives arrays need not.
    nibabel: Any = importlib.import_module("nibabel")
    kind = type(image) if isinstance(image, nibabel.Nifti1Image) else nibabel.Nifti1Image
    header: Any = image.header.copy() if kind is type(image) else None
    codes = (int(header["sform_code"]), int(header["qform_code"])) if header is not None else (1, 1)
    if header is not None:
        header.set_data_dtype(np.float32)
    made = kind(result.data, result.affine, header)
    # A code of 0 says that the form does not count; nibabel's own choice would be another.
    made.set_sform(result.affine, code=codes[0])
    made.set_qform(result.affine, code=codes[1])
    return made
