"""The volumes that are measured: read, made, normalised and written. Arrays are [k][j][i]."""

from __future__ import annotations

import gzip
import zlib

import numpy as np
from nifti_bytes import header_bytes

Size = tuple[int, int, int]

SEED = 1
SPACING = (1.0, 1.0, 1.0)


def read_nifti(path: str) -> np.ndarray:
    """The voxels of a little-endian float32 NIfTI-1 file, plain or gzip, as float32."""
    with open(path, "rb") as file:
        contents = file.read()
    if contents[:2] == b"\x1f\x8b":
        try:
            contents = gzip.decompress(contents)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"{path}: {error}") from error
    if contents[344:347] != b"n+1" or contents[70:72] != b"\x10\x00":
        raise ValueError(f"{path}: no single-file little-endian NIfTI-1 of float32 voxels")
    size = np.frombuffer(contents, "<i2", 3, 42).astype(int)
    start = int(np.frombuffer(contents, "<f4", 1, 108)[0])
    return np.frombuffer(contents, "<f4", int(size.prod()), start).reshape(size[::-1])


def write_nifti(path: str, volume: np.ndarray) -> None:
    """Writes float32 voxels of 1 mm."""
    with open(path, "wb") as file:
        file.write(header_bytes(volume.shape[::-1], SPACING))
        file.write(np.ascontiguousarray(volume, "<f4").tobytes())


def noise(size: Size) -> np.ndarray:
    """Smooth random structure over four voxels with a little noise, on 0...1; no background."""
    random = np.random.default_rng(SEED)
    shape = size[::-1]
    result = random.standard_normal([count // 4 + 2 for count in shape])
    for dimension, count in enumerate(shape):
        position = np.arange(count) / 4
        low = position.astype(int)
        share = (position - low).reshape([-1 if axis == dimension else 1 for axis in range(3)])
        result = (
            np.take(result, low, dimension) * (1 - share)
            + np.take(result, low + 1, dimension) * share
        )
    result += 0.05 * random.standard_normal(shape)
    return ((result - result.min()) / np.ptp(result)).astype(np.float32)


def block_means(volume: np.ndarray) -> np.ndarray:
    """Means of 2 x 2 x 2 voxels; an odd last plane is left out. Exact zeros stay exact."""
    depth, height, width = (count // 2 for count in volume.shape)
    even = volume[: 2 * depth, : 2 * height, : 2 * width].astype(np.float64)
    means = even.reshape(depth, 2, height, 2, width, 2).mean((1, 3, 5))
    return means.astype(np.float32)


def centre(volume: np.ndarray, size: Size) -> np.ndarray:
    """The middle of a volume."""
    starts = [(count - wanted) // 2 for count, wanted in zip(volume.shape, size[::-1], strict=True)]
    box = tuple(
        slice(start, start + wanted) for start, wanted in zip(starts, size[::-1], strict=True)
    )
    return np.ascontiguousarray(volume[box])


def intensity_range(volume: np.ndarray, normalisation: str) -> tuple[float, float]:
    """The intensities that become 0 and 1: minmax, percentile:<low>,<high> or scale:<value>."""
    kind, _, values = normalisation.partition(":")
    if kind == "minmax":
        low, high = float(volume.min()), float(volume.max())
    elif kind == "percentile":
        shares = [float(value) for value in values.split(",")]
        low, high = (float(value) for value in np.percentile(volume.astype(np.float64), shares))
    elif kind == "scale":
        low, high = 0.0, float(values)
    else:
        raise ValueError(f"normalisation {normalisation} is not known here")
    return low, high if high > low else low + 1


def scaled(volume: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """Intensities mapped so that the limits become 0 and 1, rounded to float32 once."""
    low, high = limits
    return ((volume.astype(np.float64) - low) / (high - low)).astype(np.float32)
