"""The three encoders: (1, 1, D, H, W) to (1, features, D, H, W)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..description import Description


def convolution(inputs: int, outputs: int, kernel: int = 3) -> nn.Conv3d:
    """A convolution that keeps the size."""
    return nn.Conv3d(inputs, outputs, kernel, padding=kernel // 2)


class DenseLayer(nn.Module):
    """Adds `growth` channels behind those it gets."""

    def __init__(self, inputs: int, growth: int) -> None:
        super().__init__()
        self.conv = convolution(inputs, growth)

    def forward(self, x: Tensor) -> Tensor:
        """Old channels first, new ones last."""
        return torch.cat((x, functional.relu(self.conv(x))), 1)


class DenseBlock(nn.Module):
    """Dense layers, fused back to the width of the block's input."""

    def __init__(self, form: Description) -> None:
        super().__init__()
        widths = [form.width + form.growth * layer for layer in range(form.layers + 1)]
        self.layers = nn.Sequential(*(DenseLayer(width, form.growth) for width in widths[:-1]))
        self.lff = convolution(widths[-1], form.width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """The input is added to what the layers make of it."""
        return x + self.lff(self.layers(x))


class RDN(nn.Module):
    """Residual dense network."""

    def __init__(self, form: Description) -> None:
        super().__init__()
        self.sfe1 = convolution(1, form.width)
        self.sfe2 = convolution(form.width, form.width)
        self.rdbs = nn.ModuleList(DenseBlock(form) for _ in range(form.blocks))
        self.gff = nn.Sequential(
            convolution(form.width * form.blocks, form.width, 1),
            convolution(form.width, form.width),
        )
        self.output = convolution(form.width, form.features)

    def forward(self, volume: Tensor) -> Tensor:
        """The outputs of all blocks, fused; the long skip comes from the first layer."""
        shallow = self.sfe1(volume)
        x = self.sfe2(shallow)
        gathered = []
        for block in self.rdbs:
            x = block(x)
            gathered.append(x)
        return self.output(self.gff(torch.cat(gathered, 1)) + shallow)


class ResCNN(nn.Module):
    """Three blocks of plain convolutions, each with a skip around it."""

    def __init__(self, form: Description) -> None:
        super().__init__()
        self.conv_start = nn.Sequential(convolution(1, form.width), nn.ReLU())
        for block in range(1, form.blocks + 1):
            layers = [
                layer
                for _ in range(form.layers)
                for layer in (convolution(form.width, form.width), nn.ReLU())
            ]
            setattr(self, f"block{block}", nn.Sequential(*layers))
        self.blocks = form.blocks
        self.conv_end = nn.Sequential(convolution(form.width, form.features))

    def forward(self, volume: Tensor) -> Tensor:
        """The volume itself is added to every feature channel."""
        x = self.conv_start(volume)
        for block in range(1, self.blocks + 1):
            x = x + getattr(self, f"block{block}")(x)
        return volume + self.conv_end(x)


class ResidualBlock(nn.Module):
    """Two convolutions with a ReLU between them, added to the input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.m = nn.Sequential(
            nn.Sequential(convolution(width, width), nn.ReLU()),
            nn.Sequential(convolution(width, width)),
        )

    def forward(self, x: Tensor) -> Tensor:
        """No activation after the sum."""
        return x + self.m(x)


class SRResnet(nn.Module):
    """A chain of residual blocks."""

    def __init__(self, form: Description) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Sequential(convolution(1, form.width)),
            *(ResidualBlock(form.width) for _ in range(form.blocks)),
            nn.Sequential(convolution(form.width, form.width)),
            nn.Sequential(convolution(form.width, form.features)),
        )

    def forward(self, volume: Tensor) -> Tensor:
        """No skip around the whole."""
        return self.features(volume)


ENCODERS = {"RDN": RDN, "ResCNN": ResCNN, "SRResnet": SRResnet}
