"""Measures PyTorch in a process of its own, so that its peak memory is its own.

  measure_torch.py weights MODEL.pkl SEED
  measure_torch.py run VOLUME.nii MODEL.pkl THREADS FORMAT OUT.npy

`run` encodes the volume once in the memory format, tries several ways to decode on a few planes,
decodes all planes in the fastest, and prints one JSON object.
"""
import json
import sys

import numpy
import torch
from peers.machine import peak_bytes, seconds
from peers.networks import network as published

CHUNKS = (1024, 4096, 16384, None)
TRIAL_PLANES = (0.1, 0.5, 0.9)  # places along the first axis
FORMATS = {"contiguous": torch.contiguous_format, "channels_last_3d": torch.channels_last_3d}


def read_volume(path):
    """The voxels of a plain float32 NIfTI-1 file as (k, j, i), scaled to 0...1."""
    with open(path, "rb") as file:
        header = file.read(352)
        size = numpy.frombuffer(header, "<i2", 3, 42).astype(int)
        voxels = numpy.frombuffer(file.read(), "<f4").reshape(size[::-1])
    low, high = voxels.min(), voxels.max()
    return torch.from_numpy((voxels - low) / (high - low))


def decode_plane(network, features, shape, plane, chunk):
    coordinates = published.plane_coordinates(shape, plane)
    parts = [coordinates] if chunk is None else coordinates.split(chunk, 1)
    values = torch.cat([network.decode_points(features, part) for part in parts])
    return values.view(shape[1:])


@torch.no_grad()
def run(volume_path, model_path, threads, memory_format, output_path):
    torch.set_num_threads(threads)
    network = published.Network().eval()
    network.load_state_dict(torch.load(model_path, weights_only=True))
    network.to(memory_format=FORMATS[memory_format])
    volume = read_volume(volume_path)[None, None].to(memory_format=FORMATS[memory_format])
    shape = [2 * count for count in volume.shape[2:]]
    # oneDNN prepares its kernels on first use; a small volume keeps that out of the figure.
    network.encoder(volume[..., :16, :16, :16])
    encode_seconds, features = seconds(lambda: network.encoder(volume))
    layouts = {"contiguous": features.contiguous()}
    if memory_format == "channels_last_3d":
        layouts["channels_last_3d"] = features
    trials = {}
    trial_planes = [int(place * shape[0]) for place in TRIAL_PLANES]
    for layout, held in layouts.items():
        for chunk in CHUNKS:
            decode_plane(network, held, shape, trial_planes[0], chunk)
            taken = [
                seconds(decode_plane, network, held, shape, plane, chunk)[0]
                for plane in trial_planes
            ]
            trials[layout, chunk] = min(taken)
    layout, chunk = min(trials, key=trials.get)
    held = layouts[layout]
    layouts.clear()
    del features
    decode_seconds, planes = seconds(
        lambda: [decode_plane(network, held, shape, plane, chunk) for plane in range(shape[0])]
    )
    numpy.save(output_path, torch.stack(planes).numpy())
    print(
        json.dumps(
            {
                "format": memory_format,
                "encode": encode_seconds,
                "decode": decode_seconds,
                "planeWhole": trials["contiguous", None],
                "featureLayout": layout,
                "chunk": chunk,
                "planes": shape[0],
                "peakBytes": peak_bytes(),
                "torch": torch.__version__,
            }
        )
    )


def main():
    if sys.argv[1] == "weights":
        network = published.generated(int(sys.argv[3]))
        torch.save(network.state_dict(), sys.argv[2])
    else:
        volume, model, threads, memory_format, output = sys.argv[2:7]
        run(volume, model, int(threads), memory_format, output)


if __name__ == "__main__":
    main()
