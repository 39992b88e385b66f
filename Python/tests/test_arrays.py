"""Arrays go in and come out without copies where their layout allows."""
import numpy as np
import pytest
from conftest import smooth

import arssr
from arssr import _volumes


def test_float32_with_the_first_index_fastest_is_not_copied():
    array = smooth((10, 9, 8))
    assert np.shares_memory(_volumes.voxels(_volumes.volume(array)), array)
    for other in (np.ascontiguousarray(array), array.astype(np.float64), array[::2]):
        assert not np.shares_memory(_volumes.voxels(_volumes.volume(other)), other)


def test_layout_and_type_change_no_value():
    array = np.rint(smooth((12, 10, 8)))
    wanted = arssr.upsample(array).data
    for other in (
        np.ascontiguousarray(array), array.astype(np.float64), array.astype(np.int32),
        array.astype(">f4"), array[..., np.newaxis], np.flip(np.flip(array).copy()),
    ):
        np.testing.assert_array_equal(arssr.upsample(other).data, wanted)


def test_arrays_have_an_affine():
    affine = np.diag([2.0, 2, 3, 1])
    found = arssr.upsample(smooth((10, 9, 8)), affine=affine)
    assert isinstance(found, arssr.Volume)
    assert found.data.flags.f_contiguous and found.data.dtype == np.float32
    np.testing.assert_allclose(np.diag(found.affine), [1, 1, 1.5, 1])
    np.testing.assert_allclose(found.affine[:3, 3], [-0.5, -0.5, -0.75])
    again = arssr.upsample(arssr.Volume(smooth((10, 9, 8)), affine))
    np.testing.assert_array_equal(again.data, found.data)
    plain = arssr.upsample(smooth((10, 9, 8)))
    np.testing.assert_allclose(np.diag(plain.affine), [0.5, 0.5, 0.5, 1])


def test_the_input_is_left_as_it_was():
    array = smooth((10, 9, 8))
    before = array.copy()
    arssr.upsample(array, psf=1)
    np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 6, 2)])
def test_other_dimensions_are_refused(shape):
    with pytest.raises(arssr.UsageError, match="dimensions"):
        arssr.upsample(np.zeros(shape, np.float32))
