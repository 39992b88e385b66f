"""Puts the files of a case in place: weights, the volume for arssr, and its normalised voxels."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from .description import PUBLISHED, Description, describe, multiply_adds
from .engines.base import Job, Unavailable
from .geometry import residual
from .networks.network import generated
from .tensors import read_tensors, write_tensors
from .volumes import (
    block_means,
    centre,
    intensity_range,
    noise,
    read_nifti,
    scaled,
    write_nifti,
)
from .workloads import Case

WEIGHTS_SEED = 1
TRIAL_EDGE = 16


@dataclass(frozen=True)
class Inputs:
    """Files that the cases draw from; None where the user gave none."""

    default_model: str
    trained_model: str | None
    data: str | None


@dataclass(frozen=True)
class Prepared:
    """A case on disk."""

    case: Case
    form: Description
    model: str
    volume: str  # NIfTI, in its own intensities
    voxels: str  # .npy, normalised
    normalisation: str
    limits: tuple[float, float]
    macs: tuple[int, int]  # of the encoder per input voxel, of the decoder per output voxel

    def job(self, threads: int, cpus: tuple[int, ...], folder: str) -> Job:
        """The same work for every engine."""
        return Job(self.model, self.voxels, self.case.target[::-1], threads, cpus, folder)

    def base(self) -> np.ndarray | float:
        """What a residual network adds to, normalised; 0 for the others."""
        return residual(np.load(self.voxels), self.case.target[::-1], self.form)


def smaller(case: Case) -> Case:
    """The case on a volume that takes no time, with the same scale to a voxel."""
    size = tuple(min(count, TRIAL_EDGE) for count in case.size)
    target = tuple(
        math.ceil(Fraction(small * wanted, count))
        for small, wanted, count in zip(size, case.target, case.size, strict=True)
    )
    return replace(case, size=size, target=target, peer_planes=case.peer_planes and 3)


def prepare(case: Case, inputs: Inputs, folder: str) -> Prepared:
    """Writes the files. Raises Unavailable when the case needs one that was not given."""
    model = _model(case, inputs, folder)
    tensors, metadata = read_tensors(model)
    form = describe(tensors, metadata)
    volume = _volume(case, inputs)
    normalisation = form.normalisation if form.normalisation != "none" else "minmax"
    limits = intensity_range(volume, normalisation)
    paths = [os.path.join(folder, name) for name in ("lr.nii", "lr.npy")]
    write_nifti(paths[0], volume)
    np.save(paths[1], scaled(volume, limits))
    return Prepared(case, form, model, *paths, normalisation, limits, multiply_adds(tensors))


def _model(case: Case, inputs: Inputs, folder: str) -> str:
    if case.model == "default":
        return inputs.default_model
    if case.model == "trained":
        if inputs.trained_model is None:
            raise Unavailable("--trained names no model")
        return inputs.trained_model
    path = os.path.join(folder, f"{case.model}.safetensors")
    state = generated(WEIGHTS_SEED, PUBLISHED[case.model]).state_dict()
    write_tensors(path, {name: tensor.numpy() for name, tensor in state.items()})
    return path


def _volume(case: Case, inputs: Inputs) -> np.ndarray:
    if case.volume == "noise":
        return noise(case.size)
    if inputs.data is None:
        raise Unavailable("--data names no T1w volume of ds002748")
    return centre(block_means(read_nifti(inputs.data)), case.size)
