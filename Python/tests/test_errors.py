"""What goes wrong has the code and the exit status of the command."""
import ctypes
import subprocess

import nibabel
import numpy as np
import pytest
from conftest import COMMAND, smooth

import arssr
from arssr import _native, _volumes


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
    assert "none, max, minmax" in refused(
        arssr.UsageError, "usage.value", 64, normalisation="most")
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


@pytest.mark.parametrize(
    "options",
    [
        {"threads": "2"}, {"threads": 2**32 + 1}, {"threads": 0}, {"threads": 1.5},
        {"max_memory": -5}, {"max_memory": 2**64 + 5}, {"max_memory": "4G"}, {"isa": 5},
        {"isa": "avx2\0"}, {"precision": None}, {"model": 5}, {"model": "brain-t1w\0"},
        {"normalisation": 5}, {"method": 5}, {"outside": 5}, {"nan": None}, {"progress": 5},
        {"clip": (1, 2, 3)}, {"clip": 5}, {"clip": None}, {"scale": {}}, {"scale": "two"},
        {"size": (9.7, 9.2, 16)}, {"size": (20, 18, np.inf)}, {"affine": "here"},
        {"array": [[[1]], [[1, 2]]]}, {"array": np.ones((4, 4, 4), complex)},
    ],
    ids=str,
)
def test_values_that_the_library_would_misread_are_refused(options):
    refused(arssr.UsageError, "usage.value", 64, **options)


@pytest.mark.parametrize("range", [0, -5, np.nan, np.inf, "wide", (0, 1)], ids=str)
def test_a_range_that_is_none_is_refused(range):
    with pytest.raises(arssr.UsageError, match="range"):
        arssr.evaluate(smooth((10, 9, 8)), smooth((10, 9, 8)), range=range)


def test_the_library_itself_refuses_what_it_would_misread():
    computer, error = ctypes.c_void_p(), _native.Error()

    def code(name, *arguments):
        assert getattr(_native.library, name)(*arguments, ctypes.byref(error)) == 64, name
        return error.code.decode()

    assert code("arssr_computer_open", 0, None, -5, ctypes.byref(computer)) == "usage.value"
    _native.checked("arssr_computer_open", 1, None, 0, ctypes.byref(computer))
    array = smooth((10, 9, 8))
    grid, output = _volumes.grid(array.shape, np.eye(4)), _native.Grid()
    scores, job = _native.ScoreValues(), _native.library.arssr_job_open()
    for extent in (-5, np.nan, np.inf):
        assert code(
            "arssr_evaluate", computer, array.ctypes.data, ctypes.byref(grid), array.ctypes.data,
            ctypes.byref(grid), None, extent, ctypes.byref(scores)) == "usage.value"
    target = _native.Target(_native.SIZE, (20.5, 18, 16))
    assert code(
        "arssr_plan", None, job, ctypes.byref(grid), ctypes.byref(target),
        ctypes.byref(output)) == "usage.value"

    target, result = _native.Target(_native.STANDARD), np.empty((20, 18, 16), np.float32)
    for wanted, fields in (
        ("usage.value", ("psf_count", 2)), ("usage.value", ("clip", 3)),
        ("usage.value", ("clip", -1)), ("usage.value", ("ensemble", 3)),
        ("usage.value", ("background", 3)), ("usage.conflict", ("psf_count", 1)),
        ("usage.conflict", ("ensemble", 1)), ("usage.conflict", ("background", 1)),
        ("usage.conflict", ("normalisation", b"none")), ("usage.conflict", ("guide_resample", 1)),
    ):
        settings = _native.Settings()
        setattr(settings, *fields)
        assert code(
            "arssr_interpolate", computer, job, b"cubic", array.ctypes.data, ctypes.byref(grid),
            ctypes.byref(target), ctypes.byref(settings), result.ctypes.data) == wanted, fields
    _native.library.arssr_job_close(job)
    _native.library.arssr_computer_close(computer)


def test_memory_that_is_refused_to_numpy_is_an_error_of_the_package(monkeypatch):
    def refuse(*_, **__):
        raise MemoryError("Unable to allocate 51.5 GiB")

    array = smooth((10, 9, 8))
    monkeypatch.setattr(_volumes.np, "empty", refuse)
    with pytest.raises(arssr.OutOfMemoryError, match="51.5 GiB") as caught:
        arssr.upsample(array)
    assert (caught.value.code, caught.value.status) == ("memory.system", 71)


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


def test_a_mask_elsewhere_cannot_say_which_voxels_count():
    array = smooth((10, 9, 8))
    affine = np.diag([-1.0, 1, 1, 1])
    truth = nibabel.Nifti1Image(array, affine)
    inside = (array > 500).astype(np.uint8)
    flipped = np.eye(4)
    flipped[0, 3] = -9
    for mask in (
        nibabel.Nifti1Image(inside[::-1], flipped), arssr.Volume(inside, np.eye(4)), inside[1:],
        arssr.Volume(inside[1:], affine),
    ):
        with pytest.raises(arssr.DataError) as caught:
            arssr.evaluate(truth, truth, mask=mask)
        assert (caught.value.code, caught.value.status) == ("volume.overlap", 65)
        assert caught.value.subject == "mask"
    count = int(np.count_nonzero(inside))
    for mask in (inside, nibabel.Nifti1Image(inside, affine), arssr.Volume(inside, affine)):
        assert arssr.evaluate(truth, truth, mask=mask).voxels == count


def test_scales_that_a_model_was_not_made_for_are_warned_of():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with pytest.warns(arssr.ArssrWarning, match="not made for scale 6") as caught:
            arssr.upsample(smooth((10, 9, 8)), scale=6)
    assert caught[0].filename == __file__
