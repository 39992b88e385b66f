"""Runs SRReCNN3D in PyTorch, in a process of its own, so that its peak memory is its own.

  measure_related.py weights MODEL.safetensors LAYERS SEED
  measure_related.py run VOLUME.nii MODEL.safetensors SCALE THREADS MODE OUT.npy

`run` interpolates the volume as the published program does (cubic spline, corner-aligned), runs the
network on the whole image and prints one JSON object; the interpolation is not in its time.
MODE: contiguous, channels_last_3d, compiled or compiled_channels_last_3d.
"""
import json
import struct
import sys

import numpy
import torch
from peers.machine import peak_bytes, seconds

WIDTH = 64


def write_model(path, layers, seed):
    """Weights of He's size, zero biases, as safetensors."""
    random = numpy.random.default_rng(seed)
    header, body = {"__metadata__": {"arssr.arch": "srrecnn3d", "arssr.axes": "zyx"}}, b""
    for layer in range(1, layers + 1):
        inputs, outputs = 1 if layer == 1 else WIDTH, 1 if layer == layers else WIDTH
        deviation = (2 / (27 * inputs)) ** 0.5 * (0.1 if layer == layers else 1)
        weight = random.normal(0, deviation, (outputs, inputs, 3, 3, 3)).astype("<f4")
        for name, values in ("weight", weight), ("bias", numpy.zeros(outputs, "<f4")):
            header[f"conv{layer}.{name}"] = {
                "dtype": "F32",
                "shape": values.shape,
                "data_offsets": [len(body), len(body) + values.nbytes],
            }
            body += values.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)


def read_model(path):
    """The layers of a safetensors file, kernels turned to (z, y, x)."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        body = file.read()
    axes = header["__metadata__"].get("arssr.axes", "xyz")

    def tensor(name):
        first, last = header[name]["data_offsets"]
        return numpy.frombuffer(body[first:last], "<f4").reshape(header[name]["shape"])

    layers = []
    while f"conv{len(layers) + 1}.weight" in header:
        name = f"conv{len(layers) + 1}"
        weight = tensor(name + ".weight")
        weight = weight.transpose(0, 1, 4, 3, 2) if axes == "xyz" else weight
        layers.append((torch.tensor(numpy.array(weight)), torch.tensor(tensor(name + ".bias"))))
    return layers


def spline_matrix(voxels, scale):
    """The matrix of a cubic spline through samples, read at corner-aligned places."""
    wanted = round(voxels * scale)
    samples, places = numpy.zeros((voxels, voxels)), numpy.zeros((wanted, voxels))

    def mirrored(index):
        index = abs(index) % (2 * voxels - 2)
        return index if index < voxels else 2 * voxels - 2 - index

    for row in range(voxels):
        for distance, weight in (-1, 1 / 6), (0, 4 / 6), (1, 1 / 6):
            samples[row, mirrored(row + distance)] += weight
    for row in range(wanted):
        place = row * (voxels - 1) / (wanted - 1)
        first = min(int(place), voxels - 1)
        t = place - first
        weights = ((1 - t) ** 3, 4 - 6 * t * t + 3 * t**3, 1 + 3 * t + 3 * t * t - 3 * t**3, t**3)
        for tap, weight in enumerate(weights):
            places[row, mirrored(first - 1 + tap)] += weight / 6
    return places @ numpy.linalg.inv(samples)


def read_image(path, scale):
    """The voxels over their largest, interpolated: (z, y, x), float32."""
    with open(path, "rb") as file:
        size = numpy.frombuffer(file.read(352), "<i2", 3, 42).astype(int)
        voxels = numpy.frombuffer(file.read(), "<f4").reshape(size[::-1])
    image = (voxels / voxels.max()).astype(numpy.float64)
    matrices = [spline_matrix(count, scale) for count in image.shape]
    return numpy.einsum("ax,by,cz,xyz->abc", *matrices, image, optimize=True).astype("f4")


class Network(torch.nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = torch.nn.ModuleList()
        for weight, bias in layers:
            layer = torch.nn.Conv3d(weight.shape[1], weight.shape[0], 3, padding=1)
            layer.load_state_dict({"weight": weight, "bias": bias})
            self.layers.append(layer)

    def forward(self, image):
        values = image
        for layer in self.layers[:-1]:
            values = torch.relu_(layer(values))
        return image + self.layers[-1](values)


@torch.no_grad()
def run(volume, model, scale, threads, mode, output):
    torch.set_num_threads(threads)
    network = Network(read_model(model)).eval()
    image = torch.tensor(read_image(volume, scale))[None, None]
    if mode.endswith("channels_last_3d"):
        network = network.to(memory_format=torch.channels_last_3d)
        image = image.to(memory_format=torch.channels_last_3d)
    forward = torch.compile(network) if mode.startswith("compiled") else network
    # oneDNN prepares its kernels on first use, and the compiler compiles: out of the figure.
    forward(image if mode.startswith("compiled") else image[..., :16, :16, :16])
    taken, result = seconds(forward, image)
    numpy.save(output, result[0, 0].numpy())
    print(json.dumps({"seconds": taken, "peakBytes": peak_bytes(), "torch": torch.__version__}))


def main():
    if sys.argv[1] == "weights":
        write_model(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        volume, model, scale, threads, mode, output = sys.argv[2:8]
        run(volume, model, float(scale), int(threads), mode, output)


if __name__ == "__main__":
    main()
