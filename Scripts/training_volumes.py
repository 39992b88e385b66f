"""Volumes with detail to train on, for scripts. Needs nibabel and NumPy."""
import os

import nibabel
import numpy


def write_volumes(folder, count, edge):
    """Makes a folder of volumes of one subject each."""
    os.mkdir(folder)
    axis = numpy.arange(edge)
    for subject in range(count):
        x, y, z = numpy.meshgrid(axis, axis, axis, indexing="ij")
        voxels = 100 + 20 * (numpy.sin(x * (0.9 + 0.1 * subject)) + numpy.cos(0.7 * y) + numpy.sin(z))
        image = nibabel.Nifti1Image(voxels.astype(numpy.float32), numpy.eye(4))
        nibabel.save(image, f"{folder}/sub-0{subject + 1}_T1w.nii.gz")
