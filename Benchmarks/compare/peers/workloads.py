"""What is measured: the workloads of `make compare-<name>`. Sizes are (i, j, k)."""

from __future__ import annotations

from dataclasses import dataclass

from .engines.registry import PEERS
from .volumes import Size

FLOAT32 = (
    "arssr",
    "pytorch",
    "pytorch-channels-last",
    "pytorch-compile",
    "onnxruntime",
    "openvino",
)
BFLOAT16 = ("arssr-bf16", *(name for name in PEERS if PEERS[name].precision == "bfloat16"))


@dataclass(frozen=True)
class Case:
    """One network on one volume."""

    model: str  # RDN, ResCNN or SRResnet with generated weights, `default`, or `trained`
    volume: str  # `noise`, `brain` (block means of --data) or `crop` (the middle of that)
    size: Size
    target: Size
    peer_planes: int | None = None  # output planes that peers decode; None: all

    @property
    def title(self) -> str:
        """The case in words."""
        model = {"default": "default model", "trained": "trained model"}.get(
            self.model, f"{self.model}, generated weights"
        )
        shapes = " to ".join(" x ".join(map(str, size)) for size in (self.size, self.target))
        place = {"noise": "", "brain": ", masked brain", "crop": ", middle of a brain"}
        return f"{model}, {shapes}{place[self.volume]}"


@dataclass(frozen=True)
class Workload:
    """Cases measured alike."""

    title: str
    about: str
    stage: str  # what is compared: encode, decode or total
    cases: tuple[Case, ...]
    participants: tuple[str, ...]
    threads: tuple[int, ...] = (1, 2)
    turns: int = 3
    # Without, one process at a time holds its memory, and a first pass is measured.
    warm: bool = True


def cube(edge: int) -> Size:
    """The same number of voxels on every axis."""
    return (edge, edge, edge)


BRAIN: Size = (144, 144, 90)

WORKLOADS = {
    "encoders": Workload(
        "Encoders of the published size",
        "Decoding one point per input voxel checks the result and is not compared.",
        "encode",
        tuple(Case(model, "noise", cube(40), cube(40)) for model in ("RDN", "ResCNN", "SRResnet")),
        (*FLOAT32, "arssr-exact", "arssr-avx2", *BFLOAT16),
    ),
    "decoder": Workload(
        "Decoder of the published size",
        "Sampling and concatenation included; the encoder is ResCNN and is not compared.",
        "decode",
        (
            Case("ResCNN", "noise", cube(40), cube(80)),
            Case("ResCNN", "noise", cube(20), cube(80)),
            Case("trained", "crop", cube(40), cube(80)),
        ),
        (*FLOAT32, *BFLOAT16),
    ),
    "volume": Workload(
        "End to end: RDN, 64 x 64 x 64 to 128 x 128 x 128",
        "arssr is timed as a whole process with files; peers without reading, writing, compiling.",
        "total",
        (
            Case("RDN", "noise", cube(64), cube(128)),
            Case("trained", "crop", cube(64), cube(128)),
        ),
        (*FLOAT32, *BFLOAT16),
    ),
    "default": Workload(
        "End to end: the shipped default model",
        "arssr is timed as a whole process with files, intensity map and residual; "
        "peers run encoder and decoder alone.",
        "total",
        (Case("default", "brain", BRAIN, (288, 288, 181)),),
        (*FLOAT32, *BFLOAT16),
    ),
    "brain": Workload(
        "End to end: a masked brain",
        "ds002748 by means of 2 x 2 x 2 voxels. arssr is timed as a whole process with files; "
        "no peer can leave out the background.",
        "total",
        (Case("RDN", "brain", BRAIN, (288, 288, 180), peer_planes=12),),
        ("arssr", "arssr-background", "pytorch-channels-last", "openvino", "onnxruntime"),
        threads=(2,),
        turns=1,
        warm=False,
    ),
}


@dataclass(frozen=True)
class Variant:
    """Options that arssr is run with."""

    label: str
    options: tuple[str, ...]
    precision: str = "float32"


ARSSR = {
    "arssr": Variant("arssr", ()),
    "arssr-exact": Variant("arssr --exact", ("--exact",)),
    "arssr-avx2": Variant("arssr --isa avx2", ("--isa", "avx2")),
    "arssr-background": Variant("arssr --background compute", ("--background", "compute")),
    "arssr-bf16": Variant(
        "arssr --precision bfloat16", ("--precision", "bfloat16"), precision="bfloat16"
    ),
}
