"""What a network of the ArSSR family is, recognised from its tensors and metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .tensors import Tensors


@dataclass(frozen=True)
class Description:
    """Sizes and variants; the defaults are the published RDN."""

    encoder: str = "RDN"  # RDN, ResCNN or SRResnet
    width: int = 64
    growth: int = 64  # of the RDN's dense blocks
    blocks: int = 8
    layers: int = 3  # convolutions of a block
    features: int = 128
    hidden: int = 256
    depth: int = 4  # linear layers of one decoder stage
    final_relu: bool = True
    residual: str = "none"  # none, trilinear or bspline3
    padding: str = "zeros"  # zeros or border
    margin: int = 0  # voxels by which the input is continued, mirrored at its faces
    coordinates: str = "absolute"  # absolute or relative
    normalisation: str = "none"
    condition: float | None = None  # value of the constant decoder input, where there is one

    @property
    def decoder_inputs(self) -> int:
        """Features, three coordinates and the condition."""
        return self.features + 3 + (self.condition is not None)


PUBLISHED = {
    "RDN": Description(),
    "ResCNN": Description(encoder="ResCNN", blocks=3, layers=6),
    "SRResnet": Description(encoder="SRResnet", blocks=18, layers=2),
}


def multiply_adds(tensors: Tensors) -> tuple[int, int]:
    """Multiply-adds of the direct method: per input voxel (encoder), per output voxel (decoder)."""
    counts = {"encoder": 0, "decoder": 0}
    for name, tensor in tensors.items():
        if name.endswith(".weight"):
            counts[name.split(".")[0]] += tensor.size
    return counts["encoder"], counts["decoder"]


def describe(tensors: Tensors, metadata: dict[str, str]) -> Description:
    """The network that these tensors belong to. Raises ValueError when there is none."""
    shapes = {name: tensor.shape for name, tensor in tensors.items()}

    def count(pattern: str) -> int:
        indices = {match[1] for name in shapes if (match := re.match(pattern, name))}
        return len(indices)

    if "encoder.sfe1.weight" in shapes:
        form = {
            "encoder": "RDN",
            "width": shapes["encoder.sfe1.weight"][0],
            "growth": shapes["encoder.rdbs.0.layers.0.conv.weight"][0],
            "blocks": count(r"encoder\.rdbs\.(\d+)\.lff\.weight"),
            "layers": count(r"encoder\.rdbs\.0\.layers\.(\d+)\.conv\.weight"),
            "features": shapes["encoder.output.weight"][0],
        }
    elif "encoder.conv_start.0.weight" in shapes:
        form = {
            "encoder": "ResCNN",
            "width": shapes["encoder.conv_start.0.weight"][0],
            "blocks": count(r"encoder\.block(\d+)\."),
            "layers": count(r"encoder\.block1\.(\d+)\.weight"),
            "features": shapes["encoder.conv_end.0.weight"][0],
        }
    elif "encoder.features.0.0.weight" in shapes:
        blocks = count(r"encoder\.features\.(\d+)\.m\.0\.0\.weight")
        form = {
            "encoder": "SRResnet",
            "width": shapes["encoder.features.0.0.weight"][0],
            "blocks": blocks,
            "layers": 2,
            "features": shapes[f"encoder.features.{blocks + 2}.0.weight"][0],
        }
    else:
        raise ValueError("these tensors are no ArSSR network")
    variants = {key.removeprefix("arssr."): value for key, value in metadata.items()}
    condition = variants.get("condition.default", "0") if "condition" in variants else None
    return Description(
        **form,
        hidden=shapes["decoder.stage_one.0.weight"][0],
        depth=count(r"decoder\.stage_one\.(\d+)\.weight"),
        final_relu=variants.get("final_relu", "true") == "true",
        residual=variants.get("residual", "none"),
        padding=variants.get("padding", "zeros"),
        margin=int(variants.get("margin", "0")),
        coordinates=variants.get("coordinates", "absolute"),
        normalisation=variants.get("normalisation", "none"),
        condition=None if condition is None else float(condition),
    )
