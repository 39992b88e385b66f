"""A checkpoint of the published RDN's size with generated weights, by the standard library alone."""
import array
import json
import math
import random

WIDTH, BLOCKS, LAYERS, FEATURES, DECODER = 64, 8, 3, 128, 256


def shapes():
    """The tensors' names and shapes, biases included, in the order of the published file."""
    layers = [("encoder.sfe1", (WIDTH, 1, 3, 3, 3)), ("encoder.sfe2", (WIDTH, WIDTH, 3, 3, 3))]
    for block in range(BLOCKS):
        name = f"encoder.rdbs.{block}"
        for number in range(LAYERS):
            inputs = WIDTH * (number + 1)
            layers.append((f"{name}.layers.{number}.conv", (WIDTH, inputs, 3, 3, 3)))
        layers.append((f"{name}.lff", (WIDTH, WIDTH * (LAYERS + 1), 1, 1, 1)))
    layers += [
        ("encoder.gff.0", (WIDTH, WIDTH * BLOCKS, 1, 1, 1)),
        ("encoder.gff.1", (WIDTH, WIDTH, 3, 3, 3)),
        ("encoder.output", (FEATURES, WIDTH, 3, 3, 3)),
    ]
    for stage, last in [("stage_one", FEATURES + 3), ("stage_two", 1)]:
        sizes = [FEATURES + 3, DECODER, DECODER, DECODER, last]
        for number in range(4):
            layers.append((f"decoder.{stage}.{2 * number}", (sizes[number + 1], sizes[number])))
    for name, shape in layers:
        yield f"{name}.weight", shape
        yield f"{name}.bias", shape[:1]


def write(path):
    """Writes the checkpoint as safetensors; weights are He's, so that no layer's values die out."""
    generator = random.Random(1)
    header, offset, parts = {}, 0, []
    for name, shape in shapes():
        count = math.prod(shape)
        bound = math.sqrt(6 / max(1, count // shape[0])) if name.endswith("weight") else 0.01
        parts.append(array.array("f", (generator.uniform(-bound, bound) for _ in range(count))))
        header[name] = {
            "dtype": "F32",
            "shape": list(shape),
            "data_offsets": [offset, offset + 4 * count],
        }
        offset += 4 * count
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for part in parts:
            part.tofile(file)
