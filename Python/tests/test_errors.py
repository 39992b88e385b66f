"""What goes wrong has the code and the exit status of the command."""
import subprocess

import nibabel
import numpy as np
import pytest
from conftest import COMMAND, smooth

import arssr


def refused(kind, code, status, **options):
    array = options.pop("array", smooth((10, 9, 8)))
    with pytest.raises(kind) as caught:
        arssr.upsample(array, **options)
    assert (caught.value.code, caught.value.status) == (code, status)
    return str(caught.value)


def test_causes_are_told_apart(tmp_path):
    assert "scale" in refused(arssr.UsageError, "usage.target", 64, scale=0.5)
    refused(arssr.UsageError, "usage.value", 64, scale=(1, 2))
    refused(arssr.UsageError, "usage.conflict", 64, scale=2, spacing=1)
    refused(arssr.UsageError, "usage.target", 64, spacing=3)
    refused(arssr.UsageError, "usage.value", 64, clip=(3, 1))
    refused(arssr.UsageError, "usage.value", 64, nan="skip")
    refused(arssr.UsageError, "usage.value", 64, isa="mmx")
    refused(arssr.UsageError, "usage.value", 64, threads=100_000)
    refused(arssr.UsageError, "usage.conflict", 64, method="cubic", psf=1)
    refused(arssr.UsageError, "usage.value", 64, psf=11)
    refused(arssr.UsageError, "usage.value", 64, psf=-1)
    refused(arssr.UsageError, "usage.value", 64, method="sinc")
    assert "did you mean" in refused(arssr.NotFoundError, "input.missing", 66, model="brain-t1")
    refused(arssr.NotFoundError, "input.missing", 66, model=tmp_path / "none.pt")
    refused(arssr.OutOfMemoryError, "memory.budget", 69, max_memory=1000)
    (tmp_path / "broken.safetensors").write_bytes(b"\0" * 100)
    message = refused(
        arssr.ModelError, "model.safetensors", 78, model=tmp_path / "broken.safetensors")
    assert "broken.safetensors" in message


def test_voxels_that_are_not_finite_are_refused_or_zero():
    array = smooth((10, 9, 8))
    array[4, 4, 4] = np.nan
    refused(arssr.DataError, "volume.nonfinite", 65, array=array)
    cleared = array.copy()
    cleared[4, 4, 4] = 0
    np.testing.assert_array_equal(
        arssr.upsample(array, nan="zero").data, arssr.upsample(cleared).data)


def test_a_degenerate_affine_is_refused():
    refused(arssr.UsageError, "usage.value", 64, affine=np.zeros((4, 4)))
    refused(arssr.UsageError, "usage.value", 64, affine=np.eye(3))


def test_the_command_ends_with_the_same_status(tmp_path):
    nibabel.save(nibabel.Nifti1Image(smooth((10, 9, 8)), np.eye(4)), tmp_path / "in.nii")
    for words, options in (
        (["--scale", "0.5"], {"scale": 0.5}),
        (["--model", "nothing"], {"model": "nothing"}),
        (["--max-memory", "1000"], {"max_memory": 1000}),
    ):
        run = subprocess.run(
            [COMMAND, "upsample", *words, tmp_path / "in.nii", tmp_path / "out.nii"],
            stderr=subprocess.DEVNULL)
        with pytest.raises(arssr.ArssrError) as caught:
            arssr.upsample(smooth((10, 9, 8)), **options)
        assert caught.value.status == run.returncode


def test_volumes_elsewhere_cannot_be_scored():
    array = smooth((10, 9, 8))
    moved = np.eye(4)
    moved[0, 3] = 5
    with pytest.raises(arssr.DataError) as caught:
        arssr.evaluate(array, arssr.Volume(array, moved))
    assert caught.value.code == "volume.overlap"


def test_scales_that_a_model_was_not_made_for_are_warned_of():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with pytest.warns(arssr.ArssrWarning, match="not made for scale 6") as caught:
            arssr.upsample(smooth((10, 9, 8)), scale=6)
    assert caught[0].filename == __file__
