"""Holds every result against arssr's of the same run, so that nobody computes something else."""

from __future__ import annotations

import numpy as np

from .cases import Prepared
from .volumes import read_nifti, scaled

# Of the range of arssr's result. float32: sums in another order, and Winograd's, differ by less
# than 1e-5. bfloat16: 8 significant bits in some 36 layers give up to 0.05 (rms 0.01). With the
# published sizes wrong coordinates or a flipped input give 0.25 (rms 0.05) and more. What the
# modules compute is held by float32; bfloat16 runs the same ones.
LARGEST = {"float32": 1e-4, "bfloat16": 0.15}
ROOT_MEAN_SQUARE = {"float32": 2e-5, "bfloat16": 0.02}


class Reference:
    """arssr's float32 result without intensity map and residual, as the decoder gave it."""

    def __init__(self, prepared: Prepared, path: str) -> None:
        self.prepared = prepared
        stored = read_nifti(path)
        # A background that arssr left out holds one value and is not compared.
        self.computed = stored != stored[0, 0, 0]
        self.base = prepared.base()
        self.values = scaled(stored, prepared.limits) - self.base
        self.range = float(np.ptp(self.values[self.computed]))

    def difference(self, values: np.ndarray, planes: list[int]) -> dict[str, float]:
        """Largest and rms difference of decoded planes over the range; share that was compared."""
        computed = self.computed[planes]
        error = np.abs(values - self.values[planes])[computed].astype(np.float64) / self.range
        return {
            "largest": float(error.max()),
            "rms": float(np.sqrt(np.mean(error**2))),
            "compared": float(computed.mean()),
        }

    def difference_of_file(self, path: str) -> dict[str, float]:
        """The same for a file that another variant of arssr wrote."""
        values = scaled(read_nifti(path), self.prepared.limits) - self.base
        return self.difference(values, list(range(values.shape[0])))


def complaint(difference: dict[str, float], precision: str) -> str | None:
    """What is wrong with a difference, or None."""
    for name, limit in (("largest", LARGEST[precision]), ("rms", ROOT_MEAN_SQUARE[precision])):
        # Written so that NaN is a complaint.
        if not difference[name] <= limit:
            return f"{name} difference {difference[name]:.1e} of the range, {limit:g} allowed"
    return None
