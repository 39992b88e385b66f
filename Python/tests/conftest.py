"""The command beside the package, and volumes to give both."""
from __future__ import annotations

import json
import os
import pathlib
import subprocess
import warnings

import nibabel
import numpy as np
import pytest

import arssr

REPOSITORY = pathlib.Path(os.environ["ARSSR_REPOSITORY"])
COMMAND = os.environ["ARSSR"]


def command(*words, folder=None):
    """Runs the command; fails the test where it fails."""
    result = subprocess.run(
        [COMMAND, *map(str, words)], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def upsampled(image, folder, *options):
    """What the command makes of an image: voxels and affine."""
    source, target = folder / "in.nii.gz", folder / "out.nii.gz"
    nibabel.save(image, source)
    command("upsample", "--force", *options, source, target)
    made = nibabel.load(target)
    return np.asarray(made.dataobj), made.affine


def check_header(found, path):
    """Whether an image's header says of its place and its origin what that of a file says."""
    wanted = nibabel.load(path)
    for field in (
        "sform_code", "qform_code", "slice_start", "slice_end", "slice_code", "slice_duration",
        "dim_info", "xyzt_units", "cal_max", "aux_file", "descrip",
    ):
        assert found.header[field] == wanted.header[field], field
    for form in ("get_sform", "get_qform"):
        if getattr(wanted, form)(coded=True)[1]:
            # Files hold it in float32.
            np.testing.assert_allclose(
                getattr(found, form)(), getattr(wanted, form)(), rtol=0, atol=1e-4)
    assert found.header.get_zooms() == pytest.approx(wanted.header.get_zooms(), rel=1e-5)


def scores(*words):
    """What the command's evaluate says, as a dictionary."""
    return json.loads(command("evaluate", "--format", "json", *words))


@pytest.fixture(autouse=True)
def unchecked_scales():
    """The volumes here are no brains, and their scales are of no concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", arssr.ArssrWarning)
        yield


def smooth(size, seed=0):
    """A smooth pattern with a background of zeros."""
    generator = np.random.default_rng(seed)
    values = generator.random(tuple(length // 4 + 2 for length in size))
    for axis, length in enumerate(size):
        positions = np.linspace(0, values.shape[axis] - 1.001, length)
        low = positions.astype(int)
        share = (positions - low).reshape([-1 if other == axis else 1 for other in range(3)])
        values = np.take(values, low, axis) * (1 - share) + np.take(values, low + 1, axis) * share
    values[:3] = 0
    return np.asfortranarray(values * 1000, dtype=np.float32)


@pytest.fixture
def image():
    """24 x 20 x 12 voxels, unlike spacings, an oblique place."""
    cosine, sine = np.cos(0.2), np.sin(0.2)
    affine = np.array(
        [[-1.5 * cosine, -1.5 * sine, 0, 40], [-1.5 * sine, 1.5 * cosine, 0, -30],
         [0, 0, 3, 12], [0, 0, 0, 1]])
    made = nibabel.Nifti1Image(smooth((24, 20, 12)), affine)
    made.set_sform(affine, code=1)
    made.set_qform(affine, code=1)
    return made
