"""Models of the other systems, guides and ensembles: values are those of the command."""
import warnings

import nibabel
import numpy as np
import pytest
from conftest import REPOSITORY, command, smooth, upsampled

import arssr

GOLDEN = REPOSITORY / "Tests" / "Golden"
MULTIMODAL = GOLDEN / "sisr" / "weights" / "MultiSRReCNN3D_10Layers_IsoScalex2.caffemodel"


@pytest.fixture(scope="module")
def filters(tmp_path_factory):
    """Gradient filters of a small kind, learned from patterns."""
    folder = tmp_path_factory.mktemp("filters")
    (folder / "volumes").mkdir()
    for seed in range(2):
        nibabel.save(
            nibabel.Nifti1Image(smooth((30, 28, 26), seed), np.eye(4)),
            folder / "volumes" / f"sub-{seed}_T1w.nii")
    command(
        "learn-filters", "--patch", "3", "--gradient-window", "3", "--buckets", "4,4,3,3",
        folder / "volumes", folder / "filters.safetensors")
    return folder / "filters.safetensors"


def compare(image, folder, model, words=(), **options):
    wanted, affine = upsampled(image, folder, "--model", model, *words)
    found = arssr.upsample(nibabel.load(folder / "in.nii.gz"), model=model, **options)
    np.testing.assert_array_equal(np.asarray(found.dataobj), wanted)
    np.testing.assert_allclose(found.affine, affine, rtol=0, atol=1e-5)
    assert found.header["descrip"] == nibabel.load(folder / "out.nii.gz").header["descrip"]
    return found


@pytest.mark.parametrize(
    "model, words, options",
    [
        ("srrecnn3d-10l", [], {}),
        ("srrecnn3d-10l", ["--scale", "1,2,2.5"], {"scale": (1, 2, 2.5)}),
        ("srrecnn3d-10l", ["--isotropic", "--exact"], {"isotropic": True, "exact": True}),
        ("sisr/weights/SRCNN3D_iter_470000.caffemodel", ["--clip", "input"], {"clip": "input"}),
        (
            "sisr/dcsrn/dcsrn_k8_r3_synthetic.safetensors", ["--normalisation", "max"],
            {"normalisation": "max"},
        ),
        (
            "sisr/rescnn/rescnn_c8_synthetic.safetensors", ["--normalisation", "minmax"],
            {"normalisation": "minmax"},
        ),
        ("espcn/r2/gen_iter_synthetic.npz", ["--normalisation", "max"], {"normalisation": "max"}),
    ],
    ids=str,
)
def test_related_networks(image, tmp_path, monkeypatch, model, words, options):
    monkeypatch.setenv("ARSSR_MODEL_PATH", str(REPOSITORY / "Models"))
    path = GOLDEN / model
    compare(image, tmp_path, path if path.exists() else model, words, **options)


def test_gradient_filters(image, tmp_path, filters):
    found = compare(image, tmp_path, filters)
    assert found.shape == (48, 40, 24)
    model = arssr.Model.load(filters)
    assert (model.architecture, model.factor, model.takes_guide) == ("gradfilter", 2, False)
    with pytest.raises(arssr.UsageError):
        arssr.upsample(image, scale=3, model=model)


@pytest.mark.parametrize(
    "name, licence",
    [("brain-t1w", "CC0-1.0"), ("brain-t1w-lite", "CC0-1.0"), ("srrecnn3d-10l", "CECILL-B")])
def test_models_come_with_the_package(monkeypatch, name, licence):
    monkeypatch.delenv("ARSSR_MODEL_PATH", raising=False)
    model = arssr.Model.load(name)
    assert (model.name, model.licence) == (name, licence)
    assert arssr.__file__.rsplit("/", 1)[0] in model.path


def test_a_guide_on_the_results_grid_or_resampled(image, tmp_path):
    grid = arssr.upsample(image, model="srrecnn3d-10l")
    guide = nibabel.Nifti1Image(smooth((48, 40, 24), 5), grid.affine)
    nibabel.save(guide, tmp_path / "guide.nii.gz")
    found = compare(
        image, tmp_path, MULTIMODAL, ["--guide", tmp_path / "guide.nii.gz"], guide=guide)
    source = nibabel.load(tmp_path / "in.nii.gz")
    array = np.asarray(guide.dataobj)
    same = arssr.upsample(source, model=MULTIMODAL, guide=array)
    np.testing.assert_array_equal(np.asarray(same.dataobj), np.asarray(found.dataobj))

    moved = nibabel.Nifti1Image(array, grid.affine @ np.diag([1.02, 1.01, 1, 1]))
    nibabel.save(moved, tmp_path / "guide.nii.gz")
    # The file holds the affine in float32, and positions follow from it.
    moved = nibabel.load(tmp_path / "guide.nii.gz")
    with pytest.raises(arssr.DataError) as caught:
        arssr.upsample(source, model=MULTIMODAL, guide=moved)
    assert caught.value.code == "volume.overlap" and "guide_resample" in str(caught.value)
    compare(
        image, tmp_path, MULTIMODAL, ["--guide", tmp_path / "guide.nii.gz", "--guide-resample"],
        guide=moved, guide_resample=True)
    with pytest.raises(arssr.UsageError, match="guide"):
        arssr.upsample(image, model=MULTIMODAL)
    with pytest.raises(arssr.UsageError, match="guide"):
        arssr.upsample(image, guide=guide)


@pytest.mark.parametrize("model", ["brain-t1w", "srrecnn3d-10l"])
@pytest.mark.parametrize("permutations", [False, True])
def test_ensembles(image, tmp_path, monkeypatch, model, permutations):
    monkeypatch.setenv("ARSSR_MODEL_PATH", str(REPOSITORY / "Models"))
    deviations = tmp_path / "sd.nii.gz"
    words = ["--uncertainty", deviations] + (["--permutations"] if permutations else [])
    mean = compare(
        image, tmp_path, model, words, self_ensemble=True, permutations=permutations)
    pair = arssr.upsample_with_uncertainty(
        nibabel.load(tmp_path / "in.nii.gz"), model=model, permutations=permutations)
    np.testing.assert_array_equal(np.asarray(pair[0].dataobj), np.asarray(mean.dataobj))
    np.testing.assert_array_equal(
        np.asarray(pair[1].dataobj), np.asarray(nibabel.load(deviations).dataobj))
    assert pair[1].header["descrip"] == nibabel.load(deviations).header["descrip"]


def test_an_ensemble_of_arrays_tells_its_progress():
    seen = []
    array = smooth((24, 20, 16))
    model = arssr.Model.load("brain-t1w", threads=1)
    mean, deviations = model.upsample_with_uncertainty(
        array, progress=lambda share, stage: seen.append(share))
    assert mean.data.shape == deviations.data.shape == (48, 40, 32)
    assert (deviations.data >= 0).all() and deviations.data.max() > 0
    assert seen == sorted(seen)


def test_what_has_no_meaning_is_refused(image):
    for options in (
        {"permutations": True}, {"guide_resample": True},
        {"self_ensemble": True, "mask": np.ones((24, 20, 12))},
        {"self_ensemble": True, "method": "cubic"}, {"guide": image, "method": "cubic"},
        {"model": "srrecnn3d-10l", "psf": 1}, {"model": "srrecnn3d-10l", "precision": "bfloat16"},
        {"model": GOLDEN / "espcn" / "r2" / "gen_iter_synthetic.npz", "self_ensemble": True},
    ):
        with pytest.raises(arssr.UsageError) as caught:
            arssr.upsample(image, **options)
        assert caught.value.code == "usage.conflict", options
    with pytest.raises(arssr.UsageError):
        arssr.upsample_with_uncertainty(image, method="cubic")


def test_what_a_model_undoes_is_told(image, filters):
    unknown = GOLDEN / "sisr" / "dcsrn" / "dcsrn_k8_r3_synthetic.safetensors"
    for model, words in (
        ("srrecnn3d-10l", "--operator corner"), (filters, "--operator quadratic"),
        (unknown, "nobody says which"),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            with pytest.warns(arssr.ArssrWarning, match=f"undoes one way.*{words}"):
                arssr.upsample(image, model=model)
