"""Encoder and decoder as one module, and the published way to evaluate it.

Tensor names and shapes are those of the published checkpoints, so that what is saved here is a
model for arssr. Arrays are (depth, height, width), which is NIfTI's (k, j, i).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..description import PUBLISHED, Description
from ..tensors import Tensors
from .encoders import ENCODERS

# PyTorch's default weights are uniform with variance 1/(3 n) for n inputs; He's variance is 2/n.
HE_OVER_DEFAULT = 6**0.5


def stage(form: Description, outputs: int, final_relu: bool) -> nn.Sequential:
    """One of the decoder's two stages."""
    widths = [form.decoder_inputs, *[form.hidden] * (form.depth - 1), outputs]
    layers: list[nn.Module] = []
    for inputs, width in zip(widths[:-1], widths[1:], strict=True):
        layers += [nn.Linear(inputs, width), nn.ReLU()]
    return nn.Sequential(*(layers if final_relu else layers[:-1]))


class Decoder(nn.Module):
    """Multilayer perceptron: rows of features and coordinates to one intensity each."""

    def __init__(self, form: Description) -> None:
        super().__init__()
        self.stage_one = stage(form, form.decoder_inputs, final_relu=True)
        self.stage_two = stage(form, 1, form.final_relu)

    def forward(self, rows: Tensor) -> Tensor:
        """(points, inputs) to (points, 1)."""
        return self.stage_two(self.stage_one(rows) + rows)


class Network(nn.Module):
    """Encoder and decoder; `decode_points` is one step of the published program."""

    def __init__(self, form: Description = PUBLISHED["RDN"]) -> None:
        super().__init__()
        self.form = form
        self.encoder = ENCODERS[form.encoder](form)
        self.decoder = Decoder(form)

    def decode_points(self, features: Tensor, coordinates: Tensor) -> Tensor:
        """Intensities at (1, points, 3) absolute coordinates, in the order of the array axes."""
        grid = coordinates.flip(-1)[:, None, None]
        sampled = functional.grid_sample(
            features,
            grid,
            mode="bilinear",
            padding_mode=self.form.padding,
            align_corners=False,
        )
        rows = torch.cat((sampled[0, :, 0, 0].T, coordinates[0]), 1)
        return self.decoder(rows)[:, 0]


def loaded(form: Description, tensors: Tensors) -> Network:
    """A network with these weights; every tensor must have its place."""
    network = Network(form).eval()
    network.load_state_dict({name: torch.tensor(value) for name, value in tensors.items()})
    return network


def generated(seed: int, form: Description = PUBLISHED["RDN"]) -> Network:
    """A network whose output varies and is not cut by the last ReLU.

    PyTorch's default initialisation shrinks the signal in every layer; with He's, which is wider,
    the decoder passes it on.
    """
    torch.manual_seed(seed)
    network = Network(form).eval()
    with torch.no_grad():
        for layer in (*network.decoder.stage_one, *network.decoder.stage_two):
            if isinstance(layer, nn.Linear):
                layer.weight.mul_(HE_OVER_DEFAULT)
        network.decoder.stage_two[-2].bias.fill_(2.0)
    return network


def centres(count: int) -> Tensor:
    """Voxel centres of `count` voxels on (-1, 1)."""
    return (2 * torch.arange(count, dtype=torch.float32) + 1) / count - 1


def plane_coordinates(shape: tuple[int, ...], plane: int) -> Tensor:
    """The (1, points, 3) coordinates of one output plane along the first array axis."""
    depth, height, width = shape
    grid = torch.meshgrid(centres(height), centres(width), indexing="ij")
    first = centres(depth)[plane].expand(height, width)
    return torch.stack((first, *grid), -1).reshape(1, -1, 3)
