"""What is compared: methods and models, each with the cases that it is meant for."""
import dataclasses
import hashlib
import json
import subprocess
import sys

# Words of `arssr evaluate` for every degradation, and its title. Point samples between the outer voxel
# centres, as the published networks were trained; a slice profile of the width of a voxel, as scanners have
# it; and the blur that the published SRReCNN3D inverts, which is run where a model is named for it.
OPERATORS = {
    "corner": (["--operator", "corner"], "point samples, corner-aligned"),
    "psf": (["--operator", "psf"], "Gaussian slice profile, cell-centred"),
    "blurred": (["--operator", "corner", "--sigma", "1"], "Gaussian of sigma 1 voxel, corner-aligned"),
}
USUAL = ["corner", "psf"]
SCALES = ["2", "2.5", "3", "3.5", "4"]


@dataclasses.dataclass(frozen=True)
class Contender:
    """A line of the tables, or a part of one: the same label may stand for one model per scale."""

    label: str
    words: tuple  # ("--model", path) or ("--method", name)
    identity: str  # SHA-256 of the model's file, or the method
    operators: tuple
    scales: tuple
    named: tuple = ()  # operators that the user named for it
    asks_blur: bool = False

    @property
    def result(self):
        """As `arssr evaluate` names it."""
        return self.words[1]

    def takes(self, operator, scale):
        return operator in self.operators and scale in self.scales


def of_method(name):
    return Contender(name, ("--method", name), name, tuple(OPERATORS), tuple(SCALES))


def of_model(text, arssr):
    """Reads [LABEL=]MODEL[@OPERATOR][@SCALE]; MODEL is a file or a name that arssr knows.

    Where no operator is named, ArSSR's networks take all, and others the first: their outer voxels are those
    of the input, so they cannot meet a truth of another alignment, and they invert what they were trained on.
    """
    label, _, place = text.rpartition("=")
    place, *limits = place.split("@")
    named, scales = [], list(SCALES)
    for limit in limits:
        if limit in OPERATORS:
            named.append(limit)
        elif limit in SCALES:
            scales = [limit]
        else:
            sys.exit(f"--model {text}: {limit} is none of {', '.join([*OPERATORS, *SCALES])}")
    described = subprocess.run(
        [arssr, "models", "info", "--format", "json", place], capture_output=True, text=True)
    if described.returncode != 0:
        sys.exit(f"--model {text}: {described.stderr.strip()}")
    model = json.loads(described.stdout)
    operators = named or (OPERATORS if model["kind"] == "arssr" else USUAL[:1])
    return Contender(
        label or model["name"], ("--model", model["path"]), model["sha256"], tuple(operators),
        tuple(scales), tuple(named), model["variants"].get("condition") is not None)


def of_file(path):
    """The lines of a list of models; what stands behind # counts nothing."""
    with open(path, encoding="utf-8") as file:
        lines = [line.split("#")[0].strip() for line in file]
    return [line for line in lines if line]


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
