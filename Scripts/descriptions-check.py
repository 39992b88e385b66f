#!/usr/bin/env python3
"""Checks what Packaging/ says of the command line.

It is what the program says, manual pages bring no warning, Boutiques descriptors are valid and make
command lines, shells complete what they should.

Needs boutiques, man and bash; zsh and fish parse their scripts where they are installed.
"""
import argparse
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGING = os.path.join(REPOSITORY, "Packaging")
BOSH = os.path.join(os.path.dirname(sys.executable), "bosh")

# What bash does when somebody presses Tab behind the words; prints what is offered.
COMPLETE = r'''
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
COMPREPLY=()
_arssr arssr "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
'''


class Findings:
    """Counts what was checked and prints what is wrong."""

    def __init__(self):
        self.checks = self.failures = 0

    def expect(self, holds, text):
        self.checks += 1
        if not holds:
            self.failures += 1
            print(f"descriptions: {text}")


def run(*words, folder=None, environment=None):
    """Status and what was printed, errors too."""
    result = subprocess.run(
        words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True)
    return result.returncode, result.stdout


def check_manual(findings):
    for page in sorted(glob.glob(os.path.join(PACKAGING, "man", "*.1"))):
        result = subprocess.run(
            ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=dict(os.environ, LC_ALL="C.UTF-8", MANROFFSEQ="", MANWIDTH="80"))
        findings.expect(
            result.returncode == 0 and not result.stderr,
            f"{os.path.basename(page)}: {result.stderr or result.returncode}")


def simulate(descriptor, values):
    """The command line that bosh makes of values, or nothing where it refuses them."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(values, file)
        file.flush()
        _, text = run(BOSH, "exec", "simulate", descriptor, "-i", file.name)
    lines = [line for line in text.splitlines() if line.startswith("arssr ")]
    return re.sub(r"\s+", " ", lines[-1]).strip() if lines else None


def check_boutiques(findings, arssr):
    for descriptor in sorted(glob.glob(os.path.join(PACKAGING, "boutiques", "*.json"))):
        name = os.path.basename(descriptor)
        status, text = run(BOSH, "validate", descriptor)
        findings.expect(status == 0, f"{name}: {text}")
        command = name.removesuffix(".json").replace("-", " ")
        files = {"input": "in.nii.gz", "output": "out.nii.gz"}
        line = simulate(descriptor, dict(files, scale="2.5", force=True, max_memory="4G"))
        findings.expect(
            line is not None and line.startswith(f"{command} in.nii.gz out.nii.gz ")
            and "--scale 2.5" in line and "--force" in line, f"{name}: simulated {line}")
        findings.expect(
            simulate(descriptor, {"output": "out.nii.gz"}) is None, f"{name}: needs no input")
        findings.expect(
            simulate(descriptor, dict(files, sidecar=True, no_sidecar=True)) is None,
            f"{name}: takes --sidecar and --no-sidecar together")
    # Options of several values take whatever follows them, up to the next option.
    descriptor = os.path.join(PACKAGING, "boutiques", "arssr-upsample.json")
    line = simulate(descriptor, {
        "input": "no-dataset", "output": "out", "bids": True, "participant_label": ["01", "02"]})
    status, text = run(arssr, *(line or "").split()[1:])
    findings.expect(
        status == 66 and "no-dataset" in text, f"arssr-upsample.json: {line} ends with {text}")


def check_completion(findings, arssr):
    script = os.path.join(PACKAGING, "completions", "arssr.bash")
    status, text = run("bash", "-n", script)
    findings.expect(status == 0, text)
    for shell, name in (("zsh", "_arssr"), ("fish", "arssr.fish")):
        if shutil.which(shell):
            status, text = run(shell, "-n", os.path.join(PACKAGING, "completions", name))
            findings.expect(status == 0, f"{name}: {text}")
    with tempfile.TemporaryDirectory(prefix="arssr-completion-") as folder:
        for name in ("head.nii", "brain.nii.gz", "notes.txt", "own.safetensors"):
            open(os.path.join(folder, name), "w", encoding="utf-8").close()
        os.mkdir(os.path.join(folder, "study"))
        os.symlink(os.path.abspath(arssr), os.path.join(folder, "arssr"))
        environment = dict(
            os.environ, PATH=folder + os.pathsep + os.environ["PATH"],
            ARSSR_MODEL_PATH=os.path.join(REPOSITORY, "Models"))

        def offered(*words):
            status, text = run(
                "bash", "-c", COMPLETE, "bash", script, "arssr", *words, folder=folder,
                environment=environment)
            return set(text.split()) if status == 0 else {text}

        for words, wanted, unwanted in (
            (("ups",), {"upsample"}, {"degrade"}),
            (("upsample", ""), {"head.nii", "brain.nii.gz", "study"}, {"notes.txt"}),
            (("upsample", "--mask", ""), {"head.nii", "brain.nii.gz", "study"}, {"notes.txt"}),
            (("upsample", "--method", "l"), {"linear", "lanczos3"}, {"cubic"}),
            (("upsample", "--model", ""), {"brain-t1w", "own.safetensors", "study"}, {"notes.txt"}),
            (("upsample", "--iso"), {"--isotropic"}, {"--isa"}),
            (("models", ""), {"list", "convert"}, {"upsample"}),
            (("train", "--data", ""), {"study"}, {"notes.txt"}),
        ):
            found = offered(*words)
            findings.expect(
                wanted <= found and not unwanted & found,
                f"completion of '{' '.join(words)}' offers {sorted(found)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    arssr = parser.parse_args().arssr
    findings = Findings()
    generator = os.path.join(PACKAGING, "generate")
    status, text = run(sys.executable, "-B", generator, "--arssr", arssr, "--check")
    findings.expect(status == 0, text)
    check_manual(findings)
    check_boutiques(findings, arssr)
    check_completion(findings, arssr)
    print(f"descriptions: {findings.checks} checks, {findings.failures} failed")
    return 1 if findings.failures else 0


if __name__ == "__main__":
    sys.exit(main())
