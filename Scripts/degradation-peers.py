#!/usr/bin/env python3
"""Holds `arssr degrade` against independent implementations of its operators on a real volume.

SciPy's zoom, gaussian_filter1d, map_coordinates and resample, and SimpleITK's resampler, are run
in double precision on the volume's voxels and compared with the files that arssr writes: values, and
the place of the outer voxels in the scanner. Without --volume the repository's sample is taken.

Needs nibabel, NumPy, SciPy and SimpleITK (Tests/requirements.txt). Ends with 1 when something differs.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

import nibabel
import numpy
import SimpleITK
from scipy import ndimage, signal

WIDTH_PER_DEVIATION = 2.354820045030949

# arssr keeps float32 between its three passes; a rounding is 6e-8 of a value, and the inverse of the
# cubic B-spline multiplies it by at most 3 per axis.
TOLERANCE = 5e-6


def even(size, scale):
    """n / s rounded to the nearest whole number, halves to even."""
    return int(numpy.round(size * (1 / scale)))


def sampled(voxels, places):
    """Cubic B-spline samples, mirrored at the outer centres, at `places` per axis."""
    grid = numpy.meshgrid(*places, indexing="ij")
    return ndimage.map_coordinates(voxels, grid, order=3, mode="mirror")


def cubic(voxels, scale, spacing):
    counts = [even(n, s) for n, s in zip(voxels.shape, scale)]
    zoom = [m / n for m, n in zip(counts, voxels.shape)]
    return ndimage.zoom(voxels, zoom, order=3, mode="mirror", grid_mode=True), [
        (n / m, 0.5 * n / m - 0.5) for n, m in zip(voxels.shape, counts)]


def corner(voxels, scale, spacing):
    counts = [even(n, s) for n, s in zip(voxels.shape, scale)]
    return ndimage.zoom(voxels, [1 / s for s in scale], order=3), [
        ((n - 1) / (m - 1), 0) for n, m in zip(voxels.shape, counts)]


def psf(voxels, scale, spacing):
    blurred = voxels
    places, axes = [], []
    for axis, (n, s) in enumerate(zip(voxels.shape, scale)):
        count = n
        if s > 1:
            blurred = ndimage.gaussian_filter1d(
                blurred, s / WIDTH_PER_DEVIATION, axis=axis, mode="reflect", truncate=4.0)
            count = max(1, int(numpy.floor(n / s + 0.5)))
        places.append((numpy.arange(count) + 0.5) * s - 0.5)
        axes.append((s, 0.5 * s - 0.5))
    return sampled(blurred, places), axes


def area(voxels, scale, spacing):
    """Means over intervals, from differences of the running sum."""
    result, axes = voxels, []
    for axis, (n, s) in enumerate(zip(voxels.shape, scale)):
        count = even(n, s)
        sums = numpy.insert(numpy.cumsum(result, axis=axis), 0, 0, axis=axis)
        edges = numpy.arange(count + 1) * (n / count)
        low = numpy.minimum(edges.astype(int), n - 1)
        weight = (edges - low).reshape([-1 if other == axis else 1 for other in range(3)])
        at = sums.take(low, axis) * (1 - weight) + sums.take(low + 1, axis) * weight
        result = numpy.diff(at, axis=axis) / (n / count)
        axes.append((n / count, 0.5 * n / count - 0.5))
    return result, axes


def kspace(voxels, scale, spacing):
    """scipy.signal.resample keeps voxel 0 in place; a phase ramp first moves the centres."""
    result, axes = voxels, []
    for axis, (n, s) in enumerate(zip(voxels.shape, scale)):
        count = even(n, s)
        if count == n:
            axes.append((1, 0))
            continue
        shift = (n / count - 1) / 2
        frequencies = numpy.fft.fftfreq(n)
        ramp = numpy.exp(2j * numpy.pi * frequencies * shift)
        ramp = ramp.reshape([-1 if other == axis else 1 for other in range(3)])
        spectrum = numpy.fft.fft(result, axis=axis) * ramp
        # Complex, because the shifted Nyquist term of an even length is; the result of the cut is not.
        moved = signal.resample(numpy.fft.ifft(spectrum, axis=axis), count, axis=axis)
        result = moved.real
        axes.append((n / count, shift))
    return result, axes


def origin(voxels, scale, spacing):
    image = SimpleITK.GetImageFromArray(voxels)
    counts = [int(numpy.floor(n / s + 0.5)) for n, s in zip(voxels.shape, scale)]
    target = SimpleITK.ResampleImageFilter()
    target.SetSize([int(m) for m in reversed(counts)])
    target.SetOutputSpacing([float(s) for s in reversed(scale)])
    target.SetInterpolator(SimpleITK.sitkBSpline)
    return SimpleITK.GetArrayFromImage(target.Execute(image)), [(s, 0) for s in scale]


CASES = [
    ("cubic", cubic, (2, 2, 2)), ("cubic", cubic, (2.5, 1, 3.5)), ("corner", corner, (2, 2, 2)),
    ("corner", corner, (2.6, 1.7, 3.3)), ("psf", psf, (2, 2, 2)), ("psf", psf, (1, 1, 4)),
    ("psf", psf, (2.3, 2.3, 3)), ("area", area, (2, 2, 2)), ("area", area, (2.5, 1.5, 3.5)),
    ("kspace", kspace, (2, 2, 2)), ("kspace", kspace, (3, 1.7, 1)), ("origin", origin, (2.5, 1.5, 3)),
]


def compare(arssr, path, folder):
    image = nibabel.load(path)
    voxels = numpy.asarray(image.dataobj, dtype=numpy.float64)
    extent = voxels.max() - voxels.min()
    affine = image.affine
    spacing = numpy.linalg.norm(affine[:3, :3], axis=0)
    failures = 0
    for name, operator, scale in CASES:
        out = os.path.join(folder, "out.nii")
        text = ",".join(str(s) for s in scale)
        start = time.perf_counter()
        subprocess.run(
            [arssr, "degrade", "--quiet", "--force", "--operator", name, "--scale", text, path, out],
            check=True)
        middle = time.perf_counter()
        expected, axes = operator(voxels, scale, spacing)
        end = time.perf_counter()
        result = nibabel.load(out)
        actual = numpy.asarray(result.dataobj, dtype=numpy.float64)
        error = numpy.inf
        if actual.shape == expected.shape:
            error = abs(actual - expected).max() / extent
        place = affine.copy()
        place[:3, :3] = affine[:3, :3] * [factor for factor, _ in axes]
        place[:3, 3] += affine[:3, :3] @ [offset for _, offset in axes]
        far = numpy.append(numpy.array(actual.shape) - 1.0, 1)
        # Headers hold float32.
        moved = abs((result.affine - place) @ far).max()
        good = error <= TOLERANCE and moved <= 1e-4
        failures += not good
        print(f"{'ok' if good else 'DIFFERS':8} {name:7} {text:12} "
              f"largest difference {error:.1e} of the range, {moved:.0e} mm; "
              f"arssr {middle - start:.2f} s with files, peer {end - middle:.2f} s")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arssr", required=True)
    parser.add_argument("--volume", help="a NIfTI file of a whole head; default: the sample")
    options = parser.parse_args()
    samples = os.path.join(os.path.dirname(__file__), "..", "Samples")
    path = options.volume or os.path.join(samples, "sub-37_T1w_truth.nii.gz")
    with tempfile.TemporaryDirectory() as folder:
        failures = compare(options.arssr, path, folder)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
