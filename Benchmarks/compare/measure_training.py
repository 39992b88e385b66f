"""Measures steps of training with PyTorch.

  measure_training.py paper|fast THREADS float32|bfloat16 STEPS

`paper`: RDN of the published size, 15 patches of 10^3, 8000 single points each, L1, Adam.
`fast`: the network of `interim`, 2 patches of 16^3, a grid of 20^3 points each, sampled by three products of
matrices, L1 on the residual, clipping, Adam, moving average. Prints the shortest and the median step in
seconds, as JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable

import torch
from peers.description import PUBLISHED, Description
from peers.networks.network import Network
from torch import Tensor, nn
from torch.nn import functional

FAST = Description(
    encoder="SRResnet",
    width=16,
    blocks=8,
    layers=2,
    features=28,
    hidden=64,
    depth=3,
    final_relu=False,
    padding="border",
    coordinates="relative",
    condition=0.0,
)


def paper() -> tuple[Network, Callable[[], Tensor]]:
    """The published step: every point by itself."""
    network = Network(PUBLISHED["RDN"])
    with torch.no_grad():
        network.decoder.stage_two[-2].bias.fill_(0.5)
    patches = torch.rand(15, 1, 10, 10, 10)
    points = torch.rand(15, 8000, 3) * 1.9 - 0.95
    targets = torch.rand(15 * 8000, 1)

    def loss() -> Tensor:
        features = network.encoder(patches)
        grid = points.flip(-1)[:, None, None]
        sampled = functional.grid_sample(features, grid, align_corners=False)
        rows = torch.cat((sampled[:, :, 0, 0].transpose(1, 2), points), 2).flatten(0, 1)
        return (network.decoder(rows).float() - targets).abs().mean()

    return network, loss


def fast() -> tuple[Network, Callable[[], Tensor]]:
    """The step of the small model: grids of points."""
    network = Network(FAST).to(memory_format=torch.channels_last_3d)
    patches = torch.rand(2, 1, 16, 16, 16).to(memory_format=torch.channels_last_3d)
    targets = torch.rand(2 * 8000, 1) - 0.5
    positions = torch.rand(2, 3, 20) * 12 + 1.5
    weights = (1 - (positions[..., None] - torch.arange(16)).abs()).clamp(min=0)
    offsets = positions - (positions + 0.5).floor()

    def rows(features: Tensor, index: int) -> Tensor:
        values = features.permute(1, 2, 3, 0)
        kind = values.dtype
        along = [weights[index, axis].to(kind) for axis in range(3)]
        values = along[0] @ values.reshape(16, -1)
        values = along[1] @ values.reshape(20, 16, -1)
        values = (along[2] @ values.reshape(400, 16, -1)).reshape(8000, -1)
        grid = torch.meshgrid(*offsets[index].to(kind), indexing="ij")
        extra = [axis.reshape(-1, 1) for axis in grid]
        return torch.cat((values, *extra, torch.full((8000, 1), float(index), dtype=kind)), 1)

    def loss() -> Tensor:
        features = network.encoder(patches)
        outputs = [network.decoder(rows(features[index], index)) for index in range(2)]
        return (torch.cat(outputs).float() - targets).abs().mean()

    return network, loss


def main() -> None:
    """Runs the steps."""
    preset, threads, precision, steps = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    network, loss = {"paper": paper, "fast": fast}[preset]()
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-4, fused=True)
    average = [value.detach().clone() for value in network.parameters()]
    seconds = []
    for _ in range(int(steps)):
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            value = loss()
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        if preset == "fast":
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        if preset == "fast":
            with torch.no_grad():
                for mean, parameter in zip(average, network.parameters(), strict=True):
                    mean.lerp_(parameter, 0.001)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({
        "version": torch.__version__,
        "seconds": min(seconds),
        "median": statistics.median(seconds),
    }))


if __name__ == "__main__":
    main()
