"""Values are those of the command."""
import nibabel
import numpy as np
import pytest
from conftest import check_header, scores, smooth, upsampled

import arssr


@pytest.mark.parametrize(
    "options, words",
    [
        ({}, ["--scale", "2"]),
        ({"scale": 2}, []),
        ({"scale": (1, 1, 2.5)}, ["--scale", "1,1,2.5"]),
        ({"spacing": 0.8}, ["--spacing", "0.8"]),
        ({"isotropic": True}, ["--isotropic"]),
        ({"size": (30, 25, 20)}, ["--size", "30,25,20"]),
        ({"psf": 1}, ["--psf", "1"]),
        ({"psf": (0, 0, 1.2), "isotropic": True}, ["--psf", "0,0,1.2", "--isotropic"]),
        ({"clip": "input"}, ["--clip", "input"]),
        ({"clip": (100, 800)}, ["--clip", "100,800"]),
        ({"background": "compute"}, ["--background", "compute"]),
        ({"normalisation": "minmax"}, ["--normalisation", "minmax"]),
        ({"normalisation": "percentile:1,99"}, ["--normalisation", "percentile:1,99"]),
        ({"method": "cubic"}, ["--method", "cubic"]),
        ({"method": "lanczos3", "spacing": 0.9}, ["--method", "lanczos3", "--spacing", "0.9"]),
        ({"exact": True}, ["--exact"]),
        ({"precision": "bfloat16"}, ["--precision", "bfloat16"]),
        ({"isa": "sse42"}, ["--isa", "sse42"]),
        ({"threads": 1}, ["--threads", "1"]),
        ({"model": "interim"}, ["--model", "interim"]),
    ],
    ids=str,
)
def test_results_are_those_of_the_command(image, tmp_path, options, words, monkeypatch):
    from conftest import REPOSITORY

    monkeypatch.setenv("ARSSR_MODEL_PATH", str(REPOSITORY / "Models"))
    wanted, affine = upsampled(image, tmp_path, *words)
    found = arssr.upsample(nibabel.load(tmp_path / "in.nii.gz"), **options)
    assert found.get_data_dtype() == np.float32
    np.testing.assert_array_equal(np.asarray(found.dataobj), wanted)
    # The file holds the affine in float32.
    np.testing.assert_allclose(found.affine, affine, rtol=0, atol=1e-5)
    assert found.header["descrip"] == nibabel.load(tmp_path / "out.nii.gz").header["descrip"]


def test_a_mask_and_another_grid_are_those_of_the_command(image, tmp_path):
    mask = nibabel.Nifti1Image((smooth((24, 20, 12), 1) > 500).astype(np.uint8), image.affine)
    nibabel.save(mask, tmp_path / "mask.nii.gz")
    wanted, _ = upsampled(
        image, tmp_path, "--mask", tmp_path / "mask.nii.gz", "--outside", "linear")
    source = nibabel.load(tmp_path / "in.nii.gz")
    found = arssr.upsample(source, mask=mask, outside="linear")
    np.testing.assert_array_equal(np.asarray(found.dataobj), wanted)
    same = arssr.upsample(source, mask=np.asarray(mask.dataobj), outside="linear")
    np.testing.assert_array_equal(np.asarray(same.dataobj), wanted)

    grid = nibabel.Nifti1Image(np.zeros((20, 22, 24), np.float32), np.diag([1.1, 1.2, 1, 1]))
    grid.affine[:3, 3] = image.affine[:3, 3] - 5
    nibabel.save(grid, tmp_path / "grid.nii.gz")
    wanted, affine = upsampled(image, tmp_path, "--like", tmp_path / "grid.nii.gz")
    found = arssr.upsample(source, like=nibabel.load(tmp_path / "grid.nii.gz"))
    np.testing.assert_array_equal(np.asarray(found.dataobj), wanted)
    np.testing.assert_allclose(found.affine, affine, rtol=0, atol=1e-5)


@pytest.mark.parametrize("dtype", [np.int16, np.uint8, np.float64])
def test_stored_types_are_read_as_the_command_reads_them(image, tmp_path, dtype):
    stored = nibabel.Nifti1Image(np.asarray(image.dataobj), image.affine)
    stored.header.set_data_dtype(dtype)
    wanted, _ = upsampled(stored, tmp_path)
    found = arssr.upsample(nibabel.load(tmp_path / "in.nii.gz"))
    np.testing.assert_array_equal(np.asarray(found.dataobj), wanted)


def test_scores_are_those_of_the_command(image, tmp_path):
    truth = nibabel.Nifti1Image(smooth((24, 20, 12)), image.affine)
    result = nibabel.Nifti1Image(
        np.asarray(truth.dataobj) + smooth((24, 20, 12), 3) / 20, image.affine)
    for name, volume in (("truth", truth), ("result", result)):
        nibabel.save(volume, tmp_path / f"{name}.nii.gz")
    wanted = scores(
        "--mask", "foreground", "--metrics", "psnr,ssim,mae,rmse,nrmse,hfen",
        tmp_path / "result.nii.gz", tmp_path / "truth.nii.gz")["items"]
    for item, mask in zip(wanted, (None, "foreground")):
        found = arssr.evaluate(result, truth, mask=mask)
        for name in ("psnr", "ssim", "mae", "rmse", "nrmse", "hfen"):
            assert getattr(found, name) == item[name], name
        assert found.voxels == item["voxels"]
    assert arssr.evaluate(truth, truth).psnr == np.inf


def placed(sform_code, qform_code, seed=0):
    """An image whose forms lead to unlike spaces, the sform with a shear."""
    sform = np.array([[-1.1, 0.2, 0, 90], [0, 1.2, 0.1, -126], [0, 0, 0.9, -72], [0, 0, 0, 1]])
    cosine, sine = np.cos(0.3), np.sin(0.3)
    qform = np.array([
        [cosine, -1.2 * sine, 0, -4], [sine, 1.2 * cosine, 0, -5], [0, 0, 2, -6], [0, 0, 0, 1]])
    made = nibabel.Nifti1Image(smooth((14, 12, 10), seed), None)
    made.set_sform(sform, sform_code)
    made.set_qform(qform, qform_code)
    made.header.set_dim_info(0, 1, 2)
    made.header["slice_end"], made.header["slice_code"] = 9, 1
    made.header["slice_duration"], made.header["cal_max"] = 0.1, 3
    made.header["descrip"], made.header["aux_file"] = b"from the scanner", b"atlas"
    made.header.set_xyzt_units("mm")
    return made


@pytest.mark.parametrize("codes", [(4, 1), (4, 0), (0, 1), (2, 2)], ids=str)
@pytest.mark.parametrize(
    "options, words", [({}, []), ({"scale": (2, 2.5, 1)}, ["--scale", "2,2.5,1"])], ids=str)
def test_each_form_moves_by_itself_as_in_files(tmp_path, codes, options, words):
    wanted, _ = upsampled(placed(*codes), tmp_path, "--method", "linear", *words)
    found = arssr.upsample(nibabel.load(tmp_path / "in.nii.gz"), method="linear", **options)
    assert found.shape == wanted.shape
    check_header(found, tmp_path / "out.nii.gz")


@pytest.mark.parametrize("codes", [(2, 3), (1, 0), (0, 1)], ids=str)
@pytest.mark.parametrize("axes", [(0, 1, 2), (1, 2, 0)], ids=str)
def test_on_the_grid_of_another_image_its_forms_count(tmp_path, codes, axes):
    source = placed(4, 1)
    # The sform alone leads to the same place; the qform is the other image's own.
    step = np.eye(4)[[*axes, 3]] @ np.diag([0.75, 0.75, 0.75, 1])
    grid = nibabel.Nifti1Image(np.zeros((16, 15, 14), np.float32), None)
    shift = np.eye(4)
    shift[0, 3] = 1
    grid.set_sform(source.get_sform() @ step, codes[0])
    place = source.get_sform() @ step if codes[0] == 0 else shift
    grid.set_qform(place, codes[1])
    nibabel.save(grid, tmp_path / "grid.nii.gz")
    upsampled(
        source, tmp_path, "--method", "linear", "--like", tmp_path / "grid.nii.gz")
    found = arssr.upsample(
        nibabel.load(tmp_path / "in.nii.gz"), method="linear",
        like=nibabel.load(tmp_path / "grid.nii.gz"))
    check_header(found, tmp_path / "out.nii.gz")


def test_a_place_that_the_caller_gives_is_that_of_both_forms():
    affine = np.diag([2.0, 2, 2, 1])
    found = arssr.upsample(placed(4, 1), method="linear", affine=affine)
    for form in (found.get_sform(), found.get_qform()):
        np.testing.assert_allclose(form, found.affine, rtol=0, atol=1e-5)
    np.testing.assert_allclose(np.diag(found.affine), [1, 1, 1, 1])


def test_the_header_is_carried_on(image):
    image.header["descrip"] = b"from the scanner"
    image.set_qform(image.affine, code=0)
    found = arssr.upsample(image)
    assert (int(found.header["sform_code"]), int(found.header["qform_code"])) == (1, 0)
    assert found.header.get_xyzt_units() == image.header.get_xyzt_units()
    assert found.header.get_zooms() == pytest.approx((0.75, 0.75, 1.5))
