"""What the documents show works, and gives the values of the command."""
import re

import nibabel
import numpy as np
import pytest
from conftest import REPOSITORY, command, smooth


def blocks(path):
    return re.findall(r"```python\n(.*?)```", (REPOSITORY / path).read_text(), re.DOTALL)


@pytest.mark.parametrize("path", ["README.md", "Python/README.md"])
def test_examples_run_in_their_order(path, tmp_path, monkeypatch):
    (tmp_path / "Samples").symlink_to(REPOSITORY / "Samples")
    monkeypatch.chdir(tmp_path)
    names = {"array": smooth((12, 10, 8)), "affine": np.eye(4)}
    found = blocks(path)
    assert found
    for block in found:
        exec(compile(block, path, "exec"), names)
    command(
        "upsample", "--psf", "1", "Samples/sub-37_T1w_lr.nii.gz", "command.nii.gz",
        folder=tmp_path)
    np.testing.assert_array_equal(
        np.asarray(nibabel.load("fine.nii.gz").dataobj),
        np.asarray(nibabel.load("command.nii.gz").dataobj))


@pytest.fixture
def interfaces(tmp_path, monkeypatch, image):
    """The Nipype interfaces, in a folder with `in.nii.gz`."""
    import importlib.util
    import os

    from conftest import COMMAND

    monkeypatch.setenv("PATH", os.path.dirname(COMMAND), prepend=os.pathsep)
    monkeypatch.setenv("ARSSR_MODEL_PATH", str(REPOSITORY / "Models"))
    monkeypatch.chdir(tmp_path)
    place = REPOSITORY / "Packaging" / "nipype" / "arssr_nipype.py"
    spec = importlib.util.spec_from_file_location("arssr_nipype", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    nibabel.save(image, "in.nii.gz")
    return module


def test_the_nipype_interface_makes_the_bytes_of_the_command(interfaces, tmp_path):
    node = interfaces.Upsample(
        in_file="in.nii.gz", scale="1,1,2", psf="1", clip="input", threads="1")
    made = node.run().outputs.out_file
    command("upsample", "--scale", "1,1,2", "--psf", "1", "--clip", "input", "in.nii.gz",
            "command.nii.gz", folder=tmp_path)
    assert open(made, "rb").read() == (tmp_path / "command.nii.gz").read_bytes()
    with pytest.raises(OSError):
        interfaces.Upsample(in_file="in.nii.gz", scale="2", isotropic=True).run()


def test_the_nipype_interface_tells_of_every_file_that_was_made(interfaces, tmp_path):
    from nipype.interfaces.base import isdefined

    found = interfaces.Upsample(
        in_file="in.nii.gz", threads="1", uncertainty="errors.nii.gz", report="run.html"
    ).run().outputs
    for name, file in (
        ("out_file", "in_upsample.nii.gz"), ("uncertainty", "errors.nii.gz"),
        ("report", "run.html"),
    ):
        assert getattr(found, name) == str(tmp_path / file)
        assert (tmp_path / file).exists()
    assert not isdefined(found.log_file)
    degraded = interfaces.Degrade(in_file="in.nii.gz", log_file="run.log").run().outputs
    assert degraded.log_file == str(tmp_path / "run.log")
    planned = interfaces.Upsample(in_file="in.nii.gz", dry_run=True, report="no.html").run().outputs
    assert not isdefined(planned.out_file) and not isdefined(planned.report)


def test_the_nipype_interface_takes_folders_lists_and_labels(interfaces, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "in.nii.gz").rename(tmp_path / "study" / "a.nii.gz")
    (tmp_path / "list.txt").write_text("study/a.nii.gz\n")
    for source, results in (("study", "fine"), ("@list.txt", "finer")):
        made = interfaces.Upsample(
            in_file=source, out_file=results, method="linear").run().outputs.out_file
        assert made == str(tmp_path / results)
        assert (tmp_path / results / "a_sr.nii.gz").exists()
    labelled = interfaces.Upsample(
        in_file="study", out_file="fine", bids=True, participant_label=["01", "02"])
    assert labelled.cmdline.startswith("arssr upsample study fine ")
    assert labelled.cmdline.endswith("--participant-label 01 --participant-label 02")
