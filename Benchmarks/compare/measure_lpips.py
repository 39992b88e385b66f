#!/usr/bin/env python3
"""Measures LPIPS of `arssr evaluate` beside PyTorch on slices of a real pair of volumes.

Both use one file of made-up weights (the time does not depend on them) and the linear parts of the
repository; the value of every slice that PyTorch computes is compared. Prints seconds per slice pair of one
thread, and of the whole pair with one thread and with all, both networks. --slices cuts the last axis, and
--peer-every lets PyTorch compute every so many slices of an axis only, because VGG16 on a whole pair (--slices 181,
`make compare-lpips`) takes it a quarter of an hour; its whole pair is then estimated axis by axis.

Needs PyTorch and NumPy (requirements.txt); PYTHONPATH=Scripts for the NIfTI files.
"""
import argparse
import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

# Relative, of a slice's distance: both compute in float32.
TOLERANCE = 1e-4
SHIFT = torch.tensor([-0.030, -0.088, -0.188]).view(1, 3, 1, 1)
SCALE = torch.tensor([0.458, 0.448, 0.450]).view(1, 3, 1, 1)
VGG = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512]


def alex():
    """Layers with torchvision's numbers, and those whose output is compared."""
    layers = nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, 1, 2), nn.ReLU(),
        nn.MaxPool2d(3, 2), nn.Conv2d(192, 384, 3, 1, 1), nn.ReLU(), nn.Conv2d(384, 256, 3, 1, 1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, 1, 1), nn.ReLU())
    return layers, [1, 4, 7, 9, 11]


def vgg():
    layers, taps, channels = [], [], 3
    for index, width in enumerate(VGG):
        if width == "M":
            layers.append(nn.MaxPool2d(2))
            continue
        layers += [nn.Conv2d(channels, width, 3, 1, 1), nn.ReLU()]
        channels = width
        if index + 1 == len(VGG) or VGG[index + 1] == "M":
            taps.append(len(layers) - 1)
    return nn.Sequential(*layers), taps


def heads(path):
    """The linear parts of a safetensors file."""
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = file.read()
    found = []
    for number in range(5):
        first, last = header[f"lin{number}.model.1.weight"]["data_offsets"]
        found.append(torch.frombuffer(bytearray(data[first:last]), dtype=torch.float32).view(1, -1, 1, 1))
    return found


def features(layers, taps, image):
    found, value = [], (image.expand(1, 3, -1, -1) - SHIFT) / SCALE
    for index, layer in enumerate(layers):
        value = layer(value)
        if index in taps:
            found.append(value / (value.square().sum(1, keepdim=True).sqrt() + 1e-10))
    return found


def distance(network, weights, first, second):
    pairs = zip(features(*network, first), features(*network, second), weights)
    return sum(functional.conv2d((a - b).square(), head).mean() for a, b, head in pairs).item()


def write_volume(path, voxels):
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *voxels.shape, 1, 1, 1, 1)
    struct.pack_into("<hh", header, 70, 16, 32)
    struct.pack_into("<8f", header, 76, 1, 1, 1, 1, 1, 1, 1, 1)
    struct.pack_into("<ff", header, 108, 352, 1)
    struct.pack_into("<h", header, 254, 1)
    for axis in range(3):
        struct.pack_into("<f", header, 280 + 20 * axis, 1)
    header[344:348] = b"n+1\0"
    with open(path, "wb") as file:
        file.write(header + voxels.astype("<f4").tobytes(order="F"))


def volumes(rows, columns, slices):
    """A smooth object in a background of zeros, and the same with less detail."""
    random = numpy.random.default_rng(1)
    noise = numpy.fft.fftn(random.standard_normal((rows, columns, slices)))
    grids = numpy.meshgrid(*(numpy.fft.fftfreq(n) for n in noise.shape), indexing="ij")
    radius = numpy.sqrt(sum(grid**2 for grid in grids))
    pair = [numpy.fft.ifftn(noise / (1e-3 + radius**1.5) * numpy.exp(-(radius * blur) ** 2)).real
            for blur in (0, 4)]
    low, high = pair[0].min(), pair[0].max()
    return [((volume - low) / (high - low)).astype(numpy.float32) for volume in pair]


def cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, check=True, capture_output=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return output, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(options, name, folder):
    torch.manual_seed(7)
    network = {"alex": alex, "vgg": vgg}[name]()
    for layer in network[0]:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
    weights = os.path.join(folder, f"{name}.pth")
    torch.save({f"features.{key}": value for key, value in network[0].state_dict().items()}, weights)
    repository = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    linear = heads(os.path.join(repository, "Models", "metrics", f"lpips_lin_{name}.safetensors"))
    truth, result = volumes(options.rows, options.columns, options.slices)
    paths = [os.path.join(folder, f"{name}-{kind}.nii") for kind in ("result", "truth")]
    for path, volume in zip(paths, (result, truth)):
        write_volume(path, volume)
    base = [options.arssr, "evaluate", "-q", "--format", "json", *paths, "-t"]
    lpips = ["--metrics", "lpips", "--lpips", name, "--lpips-weights", weights, "--per-slice"]
    _, reading = cpu_seconds([*base, "1", "--metrics", "mae"])
    wall = []
    for threads in (str(os.cpu_count()), "1"):
        start = time.perf_counter()
        output, seconds = cpu_seconds([*base, threads, *lpips])
        wall.append(time.perf_counter() - start)
    found = json.loads(output)["items"][0]["slices"][0]["result"]["values"]
    scale = [torch.from_numpy(2 * volume.astype(numpy.float64) - 1).float() for volume in (truth, result)]
    torch.set_num_threads(1)
    peer, largest, count, compared = 0.0, 0.0, 0, 0
    with torch.inference_mode():
        for axis in range(3):
            counted = [index for index, value in enumerate(found[axis]) if value is not None]
            chosen = counted[options.peer_every // 2::options.peer_every] or counted[:1]
            taken = 0.0
            for index in chosen:
                images = [volume.select(axis, index).contiguous()[None, None] for volume in scale]
                start = time.process_time()
                expected = distance(network, linear, *images)
                taken += time.process_time() - start
                largest = max(largest, abs(found[axis][index] - expected) / max(expected, 1e-12))
            count, compared = count + len(counted), compared + len(chosen)
            peer += taken / max(len(chosen), 1) * len(counted)
    mine = seconds - reading
    print(f"{name}: {count} pairs of slices, arssr {1e3 * mine / count:.1f} ms a pair, PyTorch "
          f"{torch.__version__} {1e3 * peer / count:.1f} ms, {peer / mine:.2f} times; largest relative "
          f"difference of {compared} slices {largest:.1e}; both volumes with reading: arssr {wall[1]:.1f} s with "
          f"1 thread, {wall[0]:.1f} s with {os.cpu_count()}, PyTorch {peer:.0f} s of CPU", flush=True)
    return largest <= TOLERANCE


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command")
    parser.add_argument("--networks", default="alex,vgg")
    parser.add_argument("--rows", type=int, default=288)
    parser.add_argument("--columns", type=int, default=288)
    parser.add_argument("--slices", type=int, default=15, help="slices of 288 x 288 (below 16 no others count)")
    parser.add_argument("--peer-every", type=int, default=1, help="one slice of so many by PyTorch")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="arssr-lpips-") as folder:
        agree = [measure(options, name, folder) for name in options.networks.split(",")]
    sys.exit(0 if all(agree) else 1)


if __name__ == "__main__":
    main()
