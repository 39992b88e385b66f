"""Super-resolution of 3D MR images on CPUs.

    import arssr, nibabel
    fine = arssr.upsample(nibabel.load("scan.nii.gz"), scale=2)
    nibabel.save(fine, "fine.nii.gz")

The values are those of the command ``arssr upsample``. Not for clinical use: super-resolution makes
plausible detail, not measured detail.
"""
from ._computer import Computer
from ._errors import (
    ArssrError,
    ArssrWarning,
    DataError,
    InternalError,
    ModelError,
    NotFoundError,
    OutOfMemoryError,
    UnavailableError,
    UsageError,
)
from ._model import Model
from ._native import version
from ._scores import Scores, evaluate
from ._upsample import upsample, upsample_with_uncertainty
from ._volumes import Volume

__version__ = version()

__all__ = [
    "ArssrError",
    "ArssrWarning",
    "Computer",
    "DataError",
    "InternalError",
    "Model",
    "ModelError",
    "NotFoundError",
    "OutOfMemoryError",
    "Scores",
    "UnavailableError",
    "UsageError",
    "Volume",
    "evaluate",
    "upsample",
    "upsample_with_uncertainty",
]
