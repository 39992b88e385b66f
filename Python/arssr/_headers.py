"""Headers of results: what the command writes into those of its files."""
from __future__ import annotations

import importlib
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from . import _native, _volumes

_LONGEST_DESCRIPTION = 79
# How far float32 headers displace a voxel that ought to lie on a line, in voxels.
_HEADER_ROUNDING = 1e-4


class Making(NamedTuple):
    """What a header is made of, beyond the image that it is carried on from.

    Attributes:
        source: The image's voxels and the place that counts for them.
        maker: The name of the model or of the method.
        counts_voxels: Whether the model's factor is a ratio of sizes, not of spacings.
        grid_of: The image whose grid was asked for.
    """

    source: _volumes.Volume
    maker: str
    counts_voxels: bool = False
    grid_of: Any = None

    def description(self, result: _volumes.Volume, kind: str | None) -> bytes:
        """The field ``descrip``: program, maker, and the kind of values or else the scale."""
        text = f"arssr {_native.version()} {self.maker} {kind or self._scale(result)}"
        return text.encode()[:_LONGEST_DESCRIPTION]

    def _scale(self, result: _volumes.Volume) -> str:
        if self.counts_voxels:
            factors = np.divide(result.data.shape, self.source.data.shape)
        elif self.grid_of is not None:
            factors = 1 / _norms(self.move(result))
        else:
            factors = _norms(self.source.affine) / _norms(result.affine)
        texts = [f"{factor:.6g}" for factor in factors]
        return texts[0] if len(set(texts)) == 1 else ",".join(texts)

    def move(self, result: _volumes.Volume) -> npt.NDArray[np.float64]:
        """From voxels of a result to those of the source."""
        move: npt.NDArray[np.float64] = np.linalg.inv(self.source.affine) @ result.affine
        return move


def like(
    image: _volumes.ImageLike, result: _volumes.Volume, making: Making, kind: str | None = None
) -> Any:
    """A result in the form of the image that it was made from.

    ``kind`` says what values it holds, where they are not the image's own.
    """
    if not isinstance(image, _volumes.SpatialImage):
        return result
    # Who gives nibabel's images has it; who gives arrays need not.
    nibabel: Any = importlib.import_module("nibabel")
    if isinstance(image, nibabel.Nifti1Image):
        header = image.header.copy()
        header.set_data_dtype(np.float32)
        _clear_slices(header, result, making)
        made = type(image)(result.data, result.affine, header)
        (sform, sform_code), (qform, qform_code) = _forms(nibabel, image, result, making)
    else:
        made = nibabel.Nifti1Image(result.data, result.affine)
        (sform, sform_code), (qform, qform_code) = [(result.affine, 1)] * 2
    made.header["descrip"] = making.description(result, kind)
    # A code of 0 says that the form does not count; nibabel's own choice would be another.
    made.set_sform(sform, code=sform_code)
    made.set_qform(qform, code=qform_code)
    return made


def _forms(
    nibabel: Any, image: Any, result: _volumes.Volume, making: Making
) -> list[tuple[npt.NDArray[np.float64], int]]:
    """sform and qform with their codes: each of the image's own, moved by itself.

    Of a result on the grid of another image, that image's. One without an sform gets that of its
    qform, which holds turns by nearly 180 degrees more exactly.
    """
    other = making.grid_of
    if isinstance(other, nibabel.Nifti1Image) and np.array_equal(other.affine, result.affine):
        image, move = other, np.eye(4)
    else:
        move = making.move(result)
        if not np.array_equal(image.affine, making.source.affine):
            # The caller said where the voxels lie, whatever the header says.
            codes = [int(image.header[name]) for name in ("sform_code", "qform_code")]
            return [(result.affine, code) for code in codes]
    sform_code, qform_code = int(image.header["sform_code"]), int(image.header["qform_code"])
    qform = result.affine
    if qform_code:
        try:
            qform = image.get_qform() @ move
        except (ValueError, nibabel.spatialimages.HeaderDataError):
            # Its quaternion is none: the sform counts, and the qform is dropped.
            qform_code = 0
    return [(result.affine, sform_code or qform_code), (qform, qform_code)]


def _clear_slices(header: Any, result: _volumes.Volume, making: Making) -> None:
    """Takes out what is said of the acquisition of slices that do not exist any more."""
    keeps_axes = making.grid_of is None or _runs_along(making.move(result), result.data.shape)
    shapes = result.data.shape, making.source.data.shape
    axis = header.get_dim_info()[2]
    keeps_slices = shapes[0] == shapes[1] if axis is None else shapes[0][axis] == shapes[1][axis]
    if not keeps_slices or not keeps_axes:
        for name in ("slice_start", "slice_end", "slice_code", "slice_duration"):
            header[name] = 0
    if not keeps_axes:
        header.set_dim_info(None, None, None)


def _runs_along(move: npt.NDArray[np.float64], shape: tuple[int, ...]) -> bool:
    """Whether axis i of a result runs along axis i of its source, and so on."""
    across = np.abs(move[:3, :3])
    np.fill_diagonal(across, 0)
    return bool((across @ ((np.array(shape) - 1) / 2) <= _HEADER_ROUNDING).all())


def _norms(affine: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Lengths of a step along each axis."""
    norms: npt.NDArray[np.float64] = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    return norms
