"""The ArSSR network with the RDN encoder in PyTorch, published size, with our own code.

Tensor names and shapes are those of the published checkpoints, so that what is saved here is a
model for arssr. Arrays are (depth, height, width), which is NIfTI's (k, j, i).
"""
import torch
from torch import nn
from torch.nn import functional

WIDTH, BLOCKS, LAYERS, FEATURES, HIDDEN, DEPTH = 64, 8, 3, 128, 256, 4


def convolution(inputs, outputs, kernel=3):
    return nn.Conv3d(inputs, outputs, kernel, padding=kernel // 2)


class DenseLayer(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.conv = convolution(inputs, WIDTH)

    def forward(self, x):
        return torch.cat((x, functional.relu(self.conv(x))), 1)


class DenseBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(*(DenseLayer(WIDTH * (1 + layer)) for layer in range(LAYERS)))
        self.lff = convolution(WIDTH * (1 + LAYERS), WIDTH, 1)

    def forward(self, x):
        return x + self.lff(self.layers(x))


class Encoder(nn.Module):
    """Residual dense network: (1, 1, D, H, W) to (1, 128, D, H, W)."""

    def __init__(self):
        super().__init__()
        self.sfe1 = convolution(1, WIDTH)
        self.sfe2 = convolution(WIDTH, WIDTH)
        self.rdbs = nn.ModuleList(DenseBlock() for _ in range(BLOCKS))
        self.gff = nn.Sequential(convolution(WIDTH * BLOCKS, WIDTH, 1), convolution(WIDTH, WIDTH))
        self.output = convolution(WIDTH, FEATURES)

    def forward(self, volume):
        shallow = self.sfe1(volume)
        x = self.sfe2(shallow)
        gathered = []
        for block in self.rdbs:
            x = block(x)
            gathered.append(x)
        return self.output(self.gff(torch.cat(gathered, 1)) + shallow)


def stage(inputs, outputs, final_relu):
    layers = []
    for index in range(DEPTH):
        last = index == DEPTH - 1
        layers.append(nn.Linear(inputs if index == 0 else HIDDEN, outputs if last else HIDDEN))
        if not last or final_relu:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


class Decoder(nn.Module):
    """Multilayer perceptron: rows of 128 features and 3 coordinates to one intensity."""

    def __init__(self):
        super().__init__()
        self.stage_one = stage(FEATURES + 3, FEATURES + 3, final_relu=True)
        self.stage_two = stage(FEATURES + 3, 1, final_relu=True)

    def forward(self, rows):
        return self.stage_two(self.stage_one(rows) + rows)


class Network(nn.Module):
    """Encoder and decoder; `decode_points` is one step of the published program."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()

    def decode_points(self, features, coordinates):
        """Intensities at (1, points, 3) coordinates, each in the order of the array axes."""
        grid = coordinates.flip(-1)[:, None, None]
        sampled = functional.grid_sample(features, grid, mode="bilinear", align_corners=False)
        rows = torch.cat((sampled[0, :, 0, 0].T, coordinates[0]), 1)
        return self.decoder(rows)[:, 0]


def generated(seed):
    """A network whose output varies and is not cut by the last ReLU.

    PyTorch's default initialisation shrinks the signal in every layer; with He's, which is sqrt(6)
    times as wide, the decoder passes it on.
    """
    torch.manual_seed(seed)
    network = Network().eval()
    with torch.no_grad():
        for layer in (*network.decoder.stage_one, *network.decoder.stage_two):
            if isinstance(layer, nn.Linear):
                layer.weight.mul_(6**0.5)
        network.decoder.stage_two[-2].bias.fill_(2.0)
    return network


def centres(count):
    """Voxel centres of `count` voxels on (-1, 1)."""
    return (2 * torch.arange(count, dtype=torch.float32) + 1) / count - 1


def plane_coordinates(shape, plane):
    """The (1, points, 3) coordinates of one output plane along the first array axis."""
    depth, height, width = shape
    grid = torch.meshgrid(centres(height), centres(width), indexing="ij")
    first = centres(depth)[plane].expand(height, width)
    return torch.stack((first, *grid), -1).reshape(1, -1, 3)
