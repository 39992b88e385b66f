"""What a type checker makes of calls; read by mypy, never run."""
from typing import Any

import numpy as np
import numpy.typing as npt
from typing_extensions import assert_type

import arssr


def arrays(array: npt.NDArray[np.float32]) -> None:
    assert_type(arssr.upsample(array, scale=2, affine=np.eye(4)), arssr.Volume)
    assert_type(arssr.Model.load("brain-t1w").upsample(array, psf=(0, 0, 1)), arssr.Volume)
    mean, deviations = arssr.upsample_with_uncertainty(array, model="srrecnn3d-10l", guide=array)
    assert_type(deviations, arssr.Volume)
    assert_type(arssr.evaluate(array, array, mask="foreground").psnr, float)


class Image:
    affine: npt.NDArray[np.float64]
    dataobj: Any
    header: Any


def images(image: Image) -> None:
    assert_type(arssr.upsample(image, (1, 1, 2.5), progress=print), Image)
    assert_type(
        arssr.Model.load("m.npz").upsample_with_uncertainty(image, permutations=True),
        tuple[Image, Image])
    arssr.upsample(image, sacle=2)  # type: ignore[call-overload]
