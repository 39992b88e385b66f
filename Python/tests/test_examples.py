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


def test_the_nipype_interface_makes_the_bytes_of_the_command(tmp_path, monkeypatch, image):
    import importlib.util
    import os

    from conftest import COMMAND

    monkeypatch.setenv("PATH", os.path.dirname(COMMAND), prepend=os.pathsep)
    monkeypatch.chdir(tmp_path)
    place = REPOSITORY / "Packaging" / "nipype" / "arssr_nipype.py"
    spec = importlib.util.spec_from_file_location("arssr_nipype", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    nibabel.save(image, "in.nii.gz")
    node = module.Upsample(
        in_file="in.nii.gz", scale="1,1,2", psf="1", clip="input", threads="1")
    made = node.run().outputs.out_file
    command("upsample", "--scale", "1,1,2", "--psf", "1", "--clip", "input", "in.nii.gz",
            "command.nii.gz", folder=tmp_path)
    assert open(made, "rb").read() == (tmp_path / "command.nii.gz").read_bytes()
    with pytest.raises(OSError):
        module.Upsample(in_file="in.nii.gz", scale="2", isotropic=True).run()
