"""Small NIfTI-1 volumes made with the standard library alone, for the scripts that need input."""
import array
import math
import struct


def header_bytes(size, spacing=(1.0, 1.0, 1.0), origin=(0.0, 0.0, 0.0)):
    """The 352 bytes before float32 voxels: axis-parallel sform and qform of code 1."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *size, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 16, 32)
    struct.pack_into("<8f", header, 76, 1, *spacing, 0, 0, 0, 0)
    struct.pack_into("<3f", header, 108, 352, 1, 0)
    header[123] = 2  # millimetres
    struct.pack_into("<2h", header, 252, 1, 1)
    struct.pack_into("<6f", header, 256, 0, 0, 0, *origin)
    for axis in range(3):
        row = [spacing[axis] if column == axis else 0.0 for column in range(3)]
        struct.pack_into("<4f", header, 280 + 16 * axis, *row, origin[axis])
    header[344:348] = b"n+1\0"
    return header


def write_volume(path, size, spacing=(1.0, 1.0, 1.0), origin=(0.0, 0.0, 0.0), smooth=True):
    """Writes a float32 volume with that header.

    smooth: voxels vary like an image. Otherwise all are 0 and the file is sparse, so that a large
    volume costs nothing.
    """
    with open(path, "wb") as file:
        file.write(header_bytes(size, spacing, origin))
        if not smooth:
            file.truncate(352 + 4 * math.prod(size))
            return
        # One plane of waves, shifted from slice to slice: cheap, and no two slices are equal.
        columns, rows, slices = size
        plane = array.array(
            "f",
            (
                500 + 300 * math.sin(0.3 * i) * math.cos(0.2 * j)
                for j in range(rows)
                for i in range(columns)
            ),
        )
        for k in range(slices):
            cut = (k * columns) % len(plane)
            file.write((plane[cut:] + plane[:cut]).tobytes())
