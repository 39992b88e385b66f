"""Reading and writing safetensors files: eight bytes of header length, JSON header, raw tensors."""

from __future__ import annotations

import json
import os

import numpy as np

Tensors = dict[str, np.ndarray]


def read_tensors(path: str) -> tuple[Tensors, dict[str, str]]:
    """The float32 tensors of a file by name, and its metadata."""
    with open(path, "rb") as file:
        contents = file.read()
    end = 8 + int.from_bytes(contents[:8], "little")
    header = json.loads(contents[8:end])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: {name} is {entry['dtype']}; only F32 is read here")
        first, last = (end + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(contents[first:last], "<f4").reshape(entry["shape"])
    return tensors, metadata


def write_tensors(path: str | os.PathLike[str], tensors: Tensors) -> None:
    """Writes float32 tensors in the order given, without metadata."""
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = 4 * tensor.size
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + size],
        }
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors.values():
            file.write(np.ascontiguousarray(tensor, "<f4").tobytes())
