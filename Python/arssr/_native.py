"""The functions of ``Sources/CArssr/arssr.h``, as ctypes sees them."""
from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, Structure, c_char, c_char_p, c_double, c_int32, c_int64, c_void_p

from . import _errors

FOLDER = os.path.dirname(os.path.abspath(__file__))
# The value of ARSSR_INTERFACE that the declarations here are for.
INTERFACE = 2

SCALE, SPACING, ISOTROPIC, SIZE, LIKE, STANDARD = range(6)


class Error(Structure):
    _fields_ = [
        ("status", c_int32),
        ("code", c_char * 40),
        ("subject", c_char * 200),
        ("message", c_char * 512),
    ]


class Grid(Structure):
    _fields_ = [("size", c_int64 * 3), ("affine", c_double * 12)]


class Target(Structure):
    _fields_ = [("kind", c_int32), ("values", c_double * 3), ("like", Grid)]


class Settings(Structure):
    _fields_ = [
        ("normalisation", c_char_p),
        ("psf", c_double * 3),
        ("psf_count", c_int32),
        ("clip", c_int32),
        ("clip_range", c_double * 2),
        ("mask", c_void_p),
        ("mask_grid", Grid),
        ("outside_linear", c_int32),
        ("background", c_int32),
        ("zero_nonfinite", c_int32),
        ("guide", c_void_p),
        ("guide_grid", Grid),
        ("guide_resample", c_int32),
        ("ensemble", c_int32),
    ]


class ScoreValues(Structure):
    _fields_ = [(name, c_double) for name in "psnr ssim mae rmse nrmse hfen range".split()] + [
        ("voxels", c_int64),
        ("nonfinite", c_int64),
    ]


# Name, result and arguments of every function; the Error of those that can fail is their last.
FUNCTIONS = {
    "arssr_version": (c_char_p, []),
    "arssr_interface": (c_int32, []),
    "arssr_computer_open": (
        c_int32, [c_int32, c_char_p, c_int64, POINTER(c_void_p), POINTER(Error)]),
    "arssr_computer_threads": (c_int32, [c_void_p]),
    "arssr_computer_isa": (c_char_p, [c_void_p]),
    "arssr_computer_memory": (c_int64, [c_void_p]),
    "arssr_computer_close": (None, [c_void_p]),
    "arssr_resolver_open": (
        c_int32,
        [c_void_p, c_char_p, c_char_p, c_char_p, c_int32, POINTER(c_void_p), POINTER(Error)]),
    "arssr_resolver_description": (c_char_p, [c_void_p]),
    "arssr_resolver_close": (None, [c_void_p]),
    "arssr_job_open": (c_void_p, []),
    "arssr_job_fraction": (c_double, [c_void_p]),
    "arssr_job_stage": (c_char_p, [c_void_p]),
    "arssr_job_cancel": (None, [c_void_p]),
    "arssr_job_warnings": (c_char_p, [c_void_p]),
    "arssr_job_close": (None, [c_void_p]),
    "arssr_plan": (
        c_int32,
        [c_void_p, c_void_p, POINTER(Grid), POINTER(Target), POINTER(Grid), POINTER(Error)]),
    "arssr_upsample": (
        c_int32,
        [c_void_p, c_void_p, c_void_p, POINTER(Grid), POINTER(Target), POINTER(Settings),
         c_void_p, c_void_p, POINTER(Error)]),
    "arssr_interpolate": (
        c_int32,
        [c_void_p, c_void_p, c_char_p, c_void_p, POINTER(Grid), POINTER(Target),
         POINTER(Settings), c_void_p, POINTER(Error)]),
    "arssr_evaluate": (
        c_int32,
        [c_void_p, c_void_p, POINTER(Grid), c_void_p, POINTER(Grid), c_void_p, c_double,
         POINTER(ScoreValues), POINTER(Error)]),
}


def _loaded() -> ctypes.CDLL:
    loaded = ctypes.CDLL(os.path.join(FOLDER, "libarssr.so"))
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(loaded, name)
        function.restype = result
        function.argtypes = arguments
    if loaded.arssr_interface() != INTERFACE:
        raise ImportError("libarssr.so is of another version of arssr; install the wheel again")
    return loaded


library = _loaded()


def version() -> str:
    """The version of the library."""
    return str(library.arssr_version().decode())


def checked(name: str, *arguments: object) -> None:
    """Calls a function that can fail; raises what went wrong."""
    error = Error()
    if getattr(library, name)(*arguments, ctypes.byref(error)) == 0:
        return
    raise _errors.made(
        error.message.decode(), error.code.decode(), error.status, error.subject.decode())
