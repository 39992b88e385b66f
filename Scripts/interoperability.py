#!/usr/bin/env python3
"""Lets independent readers open what `arssr upsample` writes.

nibabel writes inputs of many kinds (orientations, oblique, sheared, both forms, NIfTI-1 and -2,
integers with slope, series, compressed), arssr upsamples them to every kind of target, and nibabel
reads the results; SimpleITK reads those with orthogonal axes as well. What is compared with the
readers is computed here with NumPy from the definitions (field of view kept, forms moved each by
itself, linear interpolation with clamped edges), never by arssr.

Needs nibabel, NumPy and SimpleITK (Tests/requirements.txt). Ends with 1 when something differs.
"""
import argparse
import itertools
import os
import subprocess
import sys
import tempfile

import nibabel
import numpy
import SimpleITK

NUMBER = numpy.random.default_rng(7)


# MARK: Inputs


def rotation(degrees_x, degrees_y, degrees_z):
    """A rotation matrix about x, then y, then z."""
    matrix = numpy.eye(3)
    for axis, degrees in enumerate((degrees_x, degrees_y, degrees_z)):
        cosine, sine = numpy.cos(numpy.radians(degrees)), numpy.sin(numpy.radians(degrees))
        turn = numpy.eye(3)
        one, two = [(1, 2), (2, 0), (0, 1)][axis]
        turn[one, one] = turn[two, two] = cosine
        turn[one, two], turn[two, one] = -sine, sine
        matrix = turn @ matrix
    return matrix


def affine_of(directions, spacing, origin):
    """The 4 x 4 matrix of direction columns, spacing in mm, and the first voxel's place."""
    affine = numpy.eye(4)
    affine[:3, :3] = directions * spacing
    affine[:3, 3] = origin
    return affine


def permuted(order, signs):
    """Direction columns that run along the axes `order` with these signs."""
    directions = numpy.zeros((3, 3))
    for column, (axis, sign) in enumerate(zip(order, signs)):
        directions[axis, column] = sign
    return directions


def inputs():
    """Yields (name, image): what users have, one difference at a time."""
    spacing = numpy.array([1.0, 1.25, 3.0])
    origin = (-20.5, 13.25, 40.0)
    straight = affine_of(numpy.eye(3), spacing, origin)
    for order in itertools.permutations(range(3)):
        signs = [(1, 1, 1), (-1, 1, 1), (-1, -1, 1), (1, -1, -1)][sum(order[:2]) % 4]
        yield f"axes-{''.join(map(str, order))}", image(affine_of(permuted(order, signs), spacing, origin))
    oblique = affine_of(rotation(12, -7, 31), spacing, origin)
    yield "oblique", image(oblique)
    yield "sform-only", image(oblique, sform=2, qform=0)
    yield "qform-only", image(oblique, sform=0, qform=1)
    other = image(straight, sform=4, qform=1)
    other.set_sform(affine_of(numpy.eye(3), spacing, (0, 0, 0)), 4)
    yield "forms-differ", other
    sheared = oblique.copy()
    sheared[:3, 1] += 0.2 * sheared[:3, 0]
    yield "sheared", image(sheared, sform=1, qform=0)
    yield "nifti-2", image(oblique, kind=nibabel.Nifti2Image)
    yield "series", image(straight, frames=3)
    for datatype in (numpy.uint8, numpy.int16, numpy.int32, numpy.float64):
        yield numpy.dtype(datatype).name, image(straight, datatype=datatype)
    scaled = image(straight, datatype=numpy.int16)
    scaled.header.set_slope_inter(0.25, -8)
    yield "slope", scaled


def image(affine, sform=1, qform=1, kind=nibabel.Nifti1Image, frames=None, datatype=numpy.float32):
    """A small image with these form codes whose voxels are random but smooth enough to tell."""
    size = (9, 8, 7) if frames is None else (9, 8, 7, frames)
    voxels = NUMBER.uniform(0, 200, size).astype(datatype)
    result = kind(voxels, affine)
    result.header.set_xyzt_units("mm", "sec")
    result.set_sform(affine if sform else None, sform)
    result.set_qform(affine if qform else None, qform)
    return result


# ITK reads no NIfTI-2, and where the forms differ it follows one of them.
NOT_FOR_ITK = ("nifti-2", "forms-differ")


# MARK: Expectations


TARGETS = {
    "scale-2": ["--scale", "2"],
    "scale-fractional": ["--scale", "1.5,2,2.75"],
    "spacing": ["--spacing", "0.7,0.9,1.1"],
    "isotropic": ["--isotropic"],
    "size": ["--size", "13,8,21"],
}

TYPES = ("float32", "int16", "float32", "uint8", "uint16")


def target_axis(name, axis, size, spacing):
    """(voxels, spacing ratio) along one axis for a target's name."""
    if name.startswith("scale"):
        factor = 2.0 if name == "scale-2" else (1.5, 2.0, 2.75)[axis]
        count = int(size[axis] * factor)
        return count, size[axis] / count
    if name == "size":
        count = (13, 8, 21)[axis]
        return count, size[axis] / count
    wished = min(spacing) if name == "isotropic" else (0.7, 0.9, 1.1)[axis]
    return int(numpy.floor(size[axis] * spacing[axis] / wished + 0.5)), wished / spacing[axis]


def moved(affine, ratios):
    """The affine of voxels that are `ratios` times as large and begin at the same outer corner."""
    result = affine.copy()
    result[:3, :3] = affine[:3, :3] * ratios
    result[:3, 3] = affine[:3, 3] + affine[:3, :3] @ ((numpy.array(ratios) - 1) / 2)
    return result


def interpolated(voxels, counts, ratios):
    """Linear interpolation with clamped edges, axis by axis, in double precision."""
    result = voxels.astype(numpy.float64)
    for axis, (count, ratio) in enumerate(zip(counts, ratios)):
        size = voxels.shape[axis]
        place = numpy.clip((numpy.arange(count) + 0.5) * ratio - 0.5, 0, size - 1)
        low = numpy.minimum(numpy.floor(place).astype(int), max(size - 2, 0))
        high = numpy.minimum(low + 1, size - 1)
        weight = (place - low).reshape([-1 if other == axis else 1 for other in range(result.ndim)])
        result = result.take(low, axis) * (1 - weight) + result.take(high, axis) * weight
    return result


# MARK: Comparison


def corner_distance(one, other, counts):
    """The largest distance of the field of view's corners under two affines, in mm."""
    corners = numpy.array(list(itertools.product(*((-0.5, count - 0.5) for count in counts))))
    corners = numpy.hstack([corners, numpy.ones((8, 1))])
    return numpy.abs((corners @ (one - other).T)[:, :3]).max()


def differences(source, result, target, datatype):
    """What nibabel finds different from the expectation, as texts."""
    wrong = []
    size, spacing = source.shape[:3], source.header.get_zooms()[:3]
    axes = [target_axis(target, axis, size, spacing) for axis in range(3)]
    counts, ratios = [axis[0] for axis in axes], [axis[1] for axis in axes]
    voxel = float(min(spacing) * min(ratios))
    if type(source) is not type(result):
        wrong.append(f"is {type(result).__name__}, the input {type(source).__name__}")
    if result.shape != (*counts, *source.shape[3:]):
        return [*wrong, f"size {result.shape}, expected {counts}"]
    if not numpy.allclose(result.header.get_zooms()[:3], numpy.array(spacing) * ratios, rtol=1e-6):
        wrong.append(f"spacing {result.header.get_zooms()}")
    if result.header.get_xyzt_units()[0] != "mm":
        wrong.append("units lost")
    source_s, source_q = source.header.get_sform(coded=True), source.header.get_qform(coded=True)
    result_s, result_q = result.header.get_sform(coded=True), result.header.get_qform(coded=True)
    if result_q[1] != source_q[1]:
        wrong.append(f"qform code {result_q[1]}, the input {source_q[1]}")
    elif source_q[1] and corner_distance(result_q[0], moved(source_q[0], ratios), counts) > 0.15:
        wrong.append("qform moved elsewhere")
    # With a qform alone the same matrix is also written as an sform, which is more precise.
    form, code = source_s if source_s[1] else source_q
    if result_s[1] != code:
        wrong.append(f"sform code {result_s[1]}, expected {code}")
    elif corner_distance(result_s[0], moved(form, ratios), counts) > 1e-4 * voxel + 2e-5:
        wrong.append("sform moved elsewhere")
    if result.header.get_data_dtype() != numpy.dtype(datatype):
        wrong.append(f"type {result.header.get_data_dtype()}")
    wanted = interpolated(source.get_fdata(), counts, ratios)
    slope = result.header["scl_slope"]
    step = 0 if numpy.dtype(datatype).kind == "f" else 0.51 * abs(float(slope))
    error = numpy.abs(result.get_fdata() - wanted).max()
    limit = step + 2e-6 * numpy.abs(wanted).max()
    if error > limit:
        wrong.append(f"voxels differ by {error}, limit {limit}")
    return wrong


def itk_differences(path, result):
    """What SimpleITK sees otherwise than nibabel, as texts."""
    wrong = []
    itk = SimpleITK.ReadImage(path)
    voxels = SimpleITK.GetArrayFromImage(itk)
    if not numpy.allclose(voxels.T, result.get_fdata(), rtol=1e-6, atol=1e-4):
        wrong.append("SimpleITK reads other voxels")
    to_lps = numpy.diag([-1.0, -1.0, 1.0])
    directions = numpy.array(itk.GetDirection()).reshape(itk.GetDimension(), -1)[:3, :3]
    affine = numpy.eye(4)
    affine[:3, :3] = to_lps @ directions * itk.GetSpacing()[:3]
    affine[:3, 3] = to_lps @ itk.GetOrigin()[:3]
    # ITK keeps the spacing of the header's float32 field and turns directions into a rotation.
    if corner_distance(affine, result.affine, result.shape[:3]) > 1e-3:
        wrong.append("SimpleITK sees another place")
    return wrong


def is_orthogonal(affine):
    columns = affine[:3, :3] / numpy.linalg.norm(affine[:3, :3], axis=0)
    return numpy.abs(columns.T @ columns - numpy.eye(3)).max() < 1e-5


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    options = parser.parse_args()
    runs = failures = with_itk = 0
    with tempfile.TemporaryDirectory(prefix="arssr-interoperability-") as folder:
        for number, (name, source) in enumerate(inputs()):
            suffix = (".nii", ".nii.gz")[number % 2]
            source_path = os.path.join(folder, name + suffix)
            nibabel.save(source, source_path)
            source = nibabel.load(source_path)
            for index, (target, words) in enumerate(TARGETS.items()):
                asked = TYPES[(index + number) % len(TYPES)]
                suffix = (".nii.gz", ".nii")[(index + number // 2) % 2]
                output = os.path.join(folder, f"{name}-{target}{suffix}")
                command = [options.arssr, "upsample", "--quiet", "--method", "linear", *words]
                command += ["--datatype", asked, source_path, output]
                process = subprocess.run(command, capture_output=True, text=True, check=False)
                runs += 1
                if process.returncode != 0:
                    wrong = [f"status {process.returncode}: {process.stderr.strip()}"]
                else:
                    result = nibabel.load(output)
                    wrong = differences(source, result, target, asked)
                    if is_orthogonal(result.affine) and result.ndim == 3 and name not in NOT_FOR_ITK:
                        wrong += itk_differences(output, result)
                        with_itk += 1
                for text in wrong:
                    failures += 1
                    print(f"FAIL {name} {target} {asked}{suffix}: {text}")
    print(
        f"interoperability: {runs} outputs read by nibabel, {with_itk} of them by SimpleITK: "
        f"{failures} differences"
    )
    return 1 if failures or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
