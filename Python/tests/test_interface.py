"""The declarations for ctypes are those of the header."""
import ctypes
import os
import pathlib
import re
import shutil
import subprocess

import numpy as np
import pytest
from conftest import REPOSITORY, smooth

import arssr
from arssr import _native

HEADER = REPOSITORY / "Sources" / "CArssr" / "arssr.h"
STRUCTURES = {
    "arssr_error": _native.Error, "arssr_grid": _native.Grid, "arssr_target": _native.Target,
    "arssr_settings": _native.Settings, "arssr_scores": _native.ScoreValues,
}


def declarations():
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)
    found = re.findall(r"^[\w ]+[ *](arssr_\w+)\(([^)]*)\);", text, re.MULTILINE)
    return {
        name: [] if arguments.strip() == "void" else arguments.split(",")
        for name, arguments in found}


def test_functions_have_as_many_arguments_as_in_the_header():
    assert {name: len(arguments) for name, arguments in declarations().items()} == {
        name: len(arguments) for name, (_, arguments) in _native.FUNCTIONS.items()}


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_structures_lie_in_memory_as_c_has_them(tmp_path):
    lines = []
    for name, structure in STRUCTURES.items():
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        lines += [
            f'printf("{name}.{field} %zu\\n", offsetof({name}, {field}));'
            for field, _ in structure._fields_]
    source = tmp_path / "layout.c"
    source.write_text(
        f'#include "{HEADER}"\n#include <stddef.h>\n#include <stdio.h>\n'
        f"int main(void) {{ {' '.join(lines)} return 0; }}\n")
    subprocess.run(["cc", "-Wall", "-Werror", "-o", tmp_path / "layout", source], check=True)
    printed = subprocess.run(
        [tmp_path / "layout"], check=True, stdout=subprocess.PIPE, text=True).stdout
    wanted = dict(line.split() for line in printed.splitlines())
    for name, structure in STRUCTURES.items():
        assert int(wanted[name]) == ctypes.sizeof(structure)
        for field, _ in structure._fields_:
            assert int(wanted[f"{name}.{field}"]) == getattr(structure, field).offset, field


def test_the_library_shows_the_functions_of_the_header_only():
    shown = re.findall(r"^ +(arssr_\w+);", (
        REPOSITORY / "Packaging" / "library.map").read_text(), re.MULTILINE)
    assert sorted(shown) == sorted(declarations())


def test_the_interface_is_the_one_that_was_declared():
    text = HEADER.read_text()
    assert f"#define ARSSR_INTERFACE {_native.INTERFACE}\n" in text


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_the_example_of_the_document_compiles(tmp_path):
    text = (REPOSITORY / "Sources" / "CInterface" / "README.md").read_text()
    example = re.search(r"```c\n(.*?)```", text, re.DOTALL).group(1)
    source = tmp_path / "example.c"
    source.write_text(
        f'#include "{HEADER}"\n#include <stdlib.h>\n'
        "void example(arssr_resolver *resolver, arssr_job *job, const float *voxels,\n"
        "             arssr_grid grid, arssr_target target, arssr_grid finer,\n"
        "             arssr_settings settings, arssr_error error) {\n"
        f"{example}free(result);\n}}\n")
    subprocess.run(["cc", "-Wall", "-Werror", "-fsyntax-only", source], check=True)


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
@pytest.mark.parametrize("model", ["brain-t1w", "srrecnn3d-10l"])
def test_a_program_in_c_gets_the_same_values(tmp_path, monkeypatch, model):
    monkeypatch.delenv("ARSSR_MODEL_PATH", raising=False)
    library = os.path.join(_native.FOLDER, "libarssr.so")
    # What the library needs lies beside the package, where its own run path finds it.
    subprocess.run(
        ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{HEADER.parent}", "-o",
         tmp_path / "interface", pathlib.Path(__file__).with_name("interface.c"), library,
         f"-Wl,-rpath,{_native.FOLDER}", "-Wl,--allow-shlib-undefined"], check=True)
    array = smooth((12, 10, 8))
    run = subprocess.run(
        [tmp_path / "interface", model, os.path.join(_native.FOLDER, "models"), "12", "10", "8"],
        input=array.tobytes("F"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 0, run.stderr
    found = np.frombuffer(run.stdout, np.float32).reshape(2, 16, 20, 24).transpose(0, 3, 2, 1)
    for part, wanted in zip(found, arssr.upsample_with_uncertainty(array, model=model)):
        np.testing.assert_array_equal(part, wanted.data)
    refused = subprocess.run(
        [tmp_path / "interface", "nothing", "", "12", "10", "8"], input=array.tobytes("F"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=False)
    assert refused.returncode == 66 and b"input.missing" in refused.stderr
