"""Makes the sample of Samples/ from a published T1-weighted volume.

    python -m venv sample-venv && sample-venv/bin/pip install nibabel numpy scipy
    sample-venv/bin/python Scripts/make_sample.py sub-37_T1w.nii.gz Samples

The argument is sub-37/anat/sub-37_T1w.nii.gz of OpenNeuro ds002748 version 1.0.5 as published. The
whole volume is blurred and sampled (so that no edge of the crop is in it), then two crops of the
same field of view are cut out: the low-resolution input and the held-back truth. The output does
not depend on the time or the machine (up to the versions of the three packages).
"""

import gzip
import io
import pathlib
import sys

import nibabel
import numpy as np
from scipy import ndimage

FACTOR = 2
# Voxels of the published volume, first and end, all even: the upper part of one hemisphere.
CROP = ((144, 224), (60, 180), (76, 156))
FWHM_PER_SIGMA = 2.354820045030949


def gaussian_blur(volume, sigma):
    """Blurs along all axes: taps to trunc(4 sigma + 1/2), boundary reflected at the voxel faces."""
    radius = int(4 * sigma + 0.5)
    offsets = np.arange(-radius, radius + 1)
    taps = np.exp(-(offsets**2) / (2 * sigma**2))
    taps /= taps.sum()
    for axis in range(3):
        volume = ndimage.correlate1d(volume, taps, axis=axis, mode="reflect")
    return volume


def sample_cell_centred(volume, factor):
    """Samples a cubic B-spline (mirrored) at (o + 1/2) factor - 1/2, plane by plane."""
    coefficients = ndimage.spline_filter(volume, order=3, mode="mirror")
    sizes = [max(1, int(n / factor + 0.5)) for n in volume.shape]
    positions = [(np.arange(size) + 0.5) * factor - 0.5 for size in sizes]
    result = np.empty(sizes)
    for index, position in enumerate(positions[0]):
        points = np.meshgrid([position], positions[1], positions[2], indexing="ij")
        result[index] = ndimage.map_coordinates(
            coefficients, points, order=3, mode="mirror", prefilter=False
        )[0]
    return result


def cell_centred_affine(affine, factor):
    """The place of the sampled grid: the outer corner of the first voxel stays."""
    step = np.diag([factor, factor, factor, 1.0])
    step[:3, 3] = (factor - 1) / 2
    return affine @ step


def cropped(volume, affine, starts, ends):
    """The part of a volume and its affine."""
    shift = np.eye(4)
    shift[:3, 3] = starts
    box = tuple(slice(start, end) for start, end in zip(starts, ends))
    return volume[box], affine @ shift


def write_int16(path, volume, affine, slope, description):
    """Writes rounded multiples of slope, in a gzip stream without time and name."""
    stored = np.round(volume / slope)
    assert np.abs(stored).max() < 32768
    image = nibabel.Nifti1Image(stored.astype(np.int16), None)
    image.set_sform(affine, code=1)
    image.set_qform(affine, code=1)
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = description.encode()
    # nibabel leaves slope and intercept to itself when it writes an image; set them in the bytes.
    buffer = io.BytesIO()
    image.to_stream(buffer)
    contents = bytearray(buffer.getvalue())
    contents[112:116] = np.float32(slope).tobytes()
    contents[116:120] = np.float32(0).tobytes()
    with open(path, "wb") as file:
        with gzip.GzipFile("", "wb", 9, file, mtime=0) as stream:
            stream.write(bytes(contents))


def main():
    source, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    image = nibabel.load(source)
    published = np.asarray(image.dataobj, dtype=np.float64)

    low = sample_cell_centred(gaussian_blur(published, FACTOR / FWHM_PER_SIGMA), float(FACTOR))
    low_affine = cell_centred_affine(image.affine, FACTOR)

    starts, ends = zip(*CROP)
    truth, truth_affine = cropped(published, image.affine, starts, ends)
    halved = [[bound // FACTOR for bound in bounds] for bounds in (starts, ends)]
    low, low_affine = cropped(low, low_affine, *halved)

    # The published values are whole multiples of the smallest one above 0.
    step = np.float32(published[published > 0].min())
    write_int16(folder / "sub-37_T1w_truth.nii.gz", truth, truth_affine, step,
                "ds002748 sub-37, crop")
    write_int16(folder / "sub-37_T1w_lr.nii.gz", low, low_affine, step / np.float32(4),
                "ds002748 sub-37, FWHM 2 voxels, x1/2, crop")
    for name in ("sub-37_T1w_truth.nii.gz", "sub-37_T1w_lr.nii.gz"):
        written = nibabel.load(folder / name)
        values = np.asarray(written.dataobj, dtype=np.float64)
        wanted = truth if "truth" in name else low
        print(name, values.shape, (folder / name).stat().st_size, "bytes, largest rounding",
              np.abs(values - wanted).max())


if __name__ == "__main__":
    main()
