"""Trained networks, made ready for a computer."""
from __future__ import annotations

import ctypes
import html
import json
import os
import warnings
from typing import TYPE_CHECKING, Any, Dict, Tuple, overload

import numpy.typing as npt

from . import _arguments, _errors, _native, _result, _volumes, _wishes
from ._computer import Computer

if TYPE_CHECKING:
    from typing_extensions import Unpack

_loaded: Dict[Tuple[object, ...], "Model"] = {}


class Model:
    """A model that was loaded; see :meth:`load`.

    Attributes:
        name: The name by which it is chosen.
        path: Its file.
        sha256: Checksum of the file.
        architecture: ``arssr/RDN``, ``srrecnn3d`` and the like.
        parameters: Weights and biases.
        contrasts: What it was trained on, such as ``T1w``.
        normalisation: How intensities are mapped for it.
        takes_guide: Whether it needs an image of another contrast.
        factor: The only factor that it has, or None for any.
        licence: SPDX expression, or None.
        citation: What to cite, or None.
        computer: What it runs on.
    """

    def __init__(self, handle: ctypes.c_void_p, computer: Computer) -> None:
        self.handle = handle
        self._process = os.getpid()
        self.computer = computer
        card = json.loads(_native.library.arssr_resolver_description(handle))
        self.name: str = card["name"]
        self.path: str = card["path"]
        self.sha256: str = card["sha256"]
        self.architecture: str = card["architecture"]
        self.parameters = int(card["parameters"])
        self.contrasts: Tuple[str, ...] = tuple(filter(None, card["contrasts"].split(",")))
        self.normalisation: str = card["normalisation"]
        self.takes_guide = "guide" in card
        self.factor = int(card["factor"]) if "factor" in card else None
        self.title: str | None = card.get("title")
        self.status: str | None = card.get("status")
        self.licence: str | None = card.get("licence")
        self.citation: str | None = card.get("citation")
        for line in card["notices"].splitlines():
            warnings.warn(f"{self.path}: {line}", _errors.ArssrWarning, stacklevel=3)

    @classmethod
    def load(
        cls,
        model: str | os.PathLike[str] = "brain-t1w",
        *,
        exact: bool = False,
        precision: str = "float32",
        threads: int | None = None,
        isa: str | None = None,
        max_memory: int | None = None,
    ) -> "Model":
        """Reads a model; nothing in its file is executed.

        Args:
            model: A path, or a name in the search path of the command or among the models of this
                package.
            exact: The direct float32 path with a fixed order of sums, several times slower.
            precision: What layers may multiply: ``float32`` or ``bfloat16``.
            threads: Threads that work; by default one per core that this process may use.
            isa: Instruction set; by default the best that the CPU has.
            max_memory: Most bytes of one call; by default four fifths of what is available.

        Raises:
            ArssrError: If there is no such model, or its content is refused.
        """
        computer = Computer.shared(threads, isa, max_memory)
        handle = ctypes.c_void_p()
        _native.checked(
            "arssr_resolver_open", computer.handle,
            _arguments.text("model", _arguments.path("model", model)),
            _arguments.text("folder", os.path.join(_native.FOLDER, "models")),
            _arguments.text("precision", precision), int(bool(exact)), ctypes.byref(handle))
        return cls(handle, computer)

    @classmethod
    def shared(cls, model: str | os.PathLike[str], **options: Any) -> "Model":
        """A model that is loaded once per process and file."""
        text = _arguments.path("model", model)
        # A file may change between two calls; a name's file is the library's to find.
        changed = os.stat(text).st_mtime_ns if os.path.isfile(text) else None
        words = sorted((name, repr(value)) for name, value in options.items())
        key = (os.getpid(), text, changed, *words)
        if key not in _loaded:
            _loaded[key] = cls.load(model, **options)
        return _loaded[key]

    @overload
    def upsample(
        self, image: _volumes.Image, scale: _wishes.PerAxis | None = None,
        **options: Unpack[_result.Options]
    ) -> _volumes.Image: ...

    @overload
    def upsample(
        self, image: npt.NDArray[Any] | _volumes.Volume, scale: _wishes.PerAxis | None = None,
        **options: Unpack[_result.Options]
    ) -> _volumes.Volume: ...

    def upsample(
        self, image: Any, scale: _wishes.PerAxis | None = None,
        **options: Unpack[_result.Options]
    ) -> Any:
        """Computes a volume of higher resolution; see :func:`arssr.upsample`."""
        return _result.made(image, self._maker, 2, scale, **options)

    @overload
    def upsample_with_uncertainty(
        self, image: _volumes.Image, scale: _wishes.PerAxis | None = None,
        **options: Unpack[_result.Options]
    ) -> Tuple[_volumes.Image, _volumes.Image]: ...

    @overload
    def upsample_with_uncertainty(
        self, image: npt.NDArray[Any] | _volumes.Volume, scale: _wishes.PerAxis | None = None,
        **options: Unpack[_result.Options]
    ) -> Tuple[_volumes.Volume, _volumes.Volume]: ...

    def upsample_with_uncertainty(
        self, image: Any, scale: _wishes.PerAxis | None = None,
        **options: Unpack[_result.Options]
    ) -> Any:
        """Result and expected error; see :func:`arssr.upsample_with_uncertainty`."""
        return _result.made(image, self._maker, 2, scale, uncertainty=True, **options)

    @property
    def _maker(self) -> _result.Maker:
        """The model as what makes results."""
        is_related = not self.architecture.startswith("arssr/")
        return _result.Maker(self.computer, self.name, self.handle, counts_voxels=is_related)

    def __repr__(self) -> str:
        return f"<arssr.Model {self.name}: {self.architecture}, {self.parameters} parameters>"

    def _repr_html_(self) -> str:
        rows = {
            "model": self.title or self.name, "kind": self.architecture,
            "parameters": f"{self.parameters:,}", "contrasts": ", ".join(self.contrasts),
            "normalisation": self.normalisation, "licence": self.licence or "",
            "file": self.path, "runs on": repr(self.computer).strip("<>"),
        }
        cells = "".join(
            f"<tr><th style='text-align:left'>{name}</th><td>{html.escape(text)}</td></tr>"
            for name, text in rows.items() if text)
        return f"<table>{cells}</table>"

    def __del__(self) -> None:
        if getattr(self, "_process", None) == os.getpid():
            _native.library.arssr_resolver_close(self.handle)
