"""One call of the library: it runs in a thread, so that progress is told and Ctrl-C works."""
from __future__ import annotations

import threading
import warnings
from typing import Callable, Optional, Sequence

from . import _errors, _native

#: Called with the share of the work that is done, 0 to 1, and what runs: ``encode`` or ``decode``.
Progress = Callable[[float, str], object]

_SECONDS_BETWEEN_CALLS = 0.1


class Job:
    """Progress, an end before time, and warnings of a call."""

    handle: Optional[int] = None

    def __init__(self) -> None:
        self.handle = _native.library.arssr_job_open()

    def __del__(self) -> None:
        _native.library.arssr_job_close(self.handle)

    def warn(self, stacklevel: int) -> None:
        """Shows what the user should know."""
        for line in _native.library.arssr_job_warnings(self.handle).decode().splitlines():
            warnings.warn(line, _errors.ArssrWarning, stacklevel=stacklevel + 1)

    def run(
        self, progress: Optional[Progress], held: Sequence[object], name: str, *arguments: object
    ) -> None:
        """Calls a function; an interrupt, and whatever the progress function raises, ends the call.

        ``held`` are the arrays that the function reads and writes, of which ``arguments`` are but
        addresses. The thread owns them and the job until the function has returned, whatever
        happens here meanwhile.
        """
        failure: list[BaseException] = []
        begun, ended = threading.Lock(), _End()

        def work(*_: object) -> None:
            if not begun.acquire(blocking=False):
                return
            try:
                _native.checked(name, *arguments)
            except BaseException as error:
                failure.append(error)
            finally:
                ended.set()

        try:
            threading.Thread(target=work, name="arssr", args=(self, held)).start()
            is_over = False
            while not is_over:
                is_over = ended.wait(_SECONDS_BETWEEN_CALLS)
                if progress is not None:
                    self._tell(progress)
        except BaseException:
            _native.library.arssr_job_cancel(self.handle)
            # An interrupt may come before the thread has begun; then it never does.
            if not begun.acquire(blocking=False):
                ended.wait_through_interrupts()
            raise
        if failure:
            raise failure[0]

    def _tell(self, progress: Progress) -> None:
        stage = _native.library.arssr_job_stage(self.handle).decode()
        progress(float(_native.library.arssr_job_fraction(self.handle)), stage)


class _End:
    """The end of a call, waited for by one thread.

    Waiting for a thread itself is not safe: where an interrupt breaks ``Thread.join``, Python
    before 3.13 takes the thread for ended while it runs. ``threading.Event`` waits in Python code,
    in which an interrupt may leave a lock taken. Here it can break nothing but one acquisition.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._lock = threading.Lock()
        self._lock.acquire()

    def set(self) -> None:
        """The call has ended."""
        self._is_set = True
        self._lock.release()

    def wait(self, seconds: float = -1) -> bool:
        """Whether it has, after at most so many seconds; without a number it is waited for."""
        if not self._is_set:
            self._lock.acquire(timeout=seconds)
        return self._is_set

    def wait_through_interrupts(self) -> None:
        """Returns when the call has ended; interrupts meanwhile have nothing left to end."""
        while not self._is_set:
            try:
                self.wait()
            except KeyboardInterrupt:
                pass
