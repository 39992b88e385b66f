"""Threads, an instruction set and a limit on memory, shared by all calls that ask for the same."""
from __future__ import annotations

import ctypes
import os
import threading
from typing import Dict, Optional, Tuple

from . import _arguments, _native

_Key = Tuple[int, Optional[bytes], int]
_shared: Dict[_Key, "Computer"] = {}
_lock = threading.Lock()


class Computer:
    """What work is done with.

    Args:
        threads: Threads that work; by default one per core that this process may use.
        isa: Instruction set, such as ``"avx2"``; by default the best that the CPU has.
        max_memory: Most bytes of one call; by default four fifths of what is available.
    """

    def __init__(
        self,
        threads: int | None = None,
        isa: str | None = None,
        max_memory: int | None = None,
    ) -> None:
        self.handle = ctypes.c_void_p()
        # The threads of a process do not go along with a fork: there is nothing to close there.
        self._process = os.getpid()
        _native.checked(
            "arssr_computer_open", *_wishes(threads, isa, max_memory), ctypes.byref(self.handle))

    @classmethod
    def shared(
        cls, threads: int | None = None, isa: str | None = None, max_memory: int | None = None
    ) -> "Computer":
        """The computer of these wishes, made once per process."""
        key = _wishes(threads, isa, max_memory)
        with _lock:
            found = _shared.get(key)
            if found is None or found._process != os.getpid():
                found = _shared[key] = cls(threads, isa, max_memory)
            return found

    @property
    def threads(self) -> int:
        """Threads that work."""
        return int(_native.library.arssr_computer_threads(self.handle))

    @property
    def isa(self) -> str:
        """The instruction set of the kernels."""
        return str(_native.library.arssr_computer_isa(self.handle).decode())

    @property
    def max_memory(self) -> int:
        """Most bytes of one call."""
        return int(_native.library.arssr_computer_memory(self.handle))

    def __repr__(self) -> str:
        return f"<arssr.Computer: {self.threads} threads, {self.isa}, {self.max_memory} bytes>"

    def __del__(self) -> None:
        if getattr(self, "_process", None) == os.getpid() and self.handle:
            _native.library.arssr_computer_close(self.handle)


def _wishes(threads: int | None, isa: str | None, max_memory: int | None) -> _Key:
    """The wishes as the library takes them."""
    return (
        _arguments.whole("threads", threads, 32),
        None if isa is None else _arguments.text("isa", isa),
        _arguments.whole("max_memory", max_memory, 64))


def _forget() -> None:
    """In a forked process: the lock may be held by a thread that is not there."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_forget)
