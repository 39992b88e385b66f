"""One call of the library: it runs in a thread, so that progress is told and Ctrl-C works."""
from __future__ import annotations

import threading
import warnings
from typing import Callable, Optional

from . import _errors, _native

#: Called with the share of the work that is done, 0 to 1, and what runs: ``encode`` or ``decode``.
Progress = Callable[[float, str], object]

_SECONDS_BETWEEN_CALLS = 0.1


class Job:
    """Progress, an end before time, and warnings of a call."""

    def __init__(self) -> None:
        self.handle = _native.library.arssr_job_open()

    def __enter__(self) -> "Job":
        return self

    def __exit__(self, *_: object) -> None:
        _native.library.arssr_job_close(self.handle)

    def warn(self, stacklevel: int) -> None:
        """Shows what the user should know."""
        for line in _native.library.arssr_job_warnings(self.handle).decode().splitlines():
            warnings.warn(line, _errors.ArssrWarning, stacklevel=stacklevel + 1)

    def run(self, progress: Optional[Progress], name: str, *arguments: object) -> None:
        """Calls a function; whatever the progress function raises ends the call."""
        failure: list[BaseException] = []

        def work() -> None:
            try:
                _native.checked(name, *arguments)
            except BaseException as error:
                failure.append(error)

        thread = threading.Thread(target=work, name="arssr")
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_SECONDS_BETWEEN_CALLS)
                if progress is not None:
                    self._tell(progress)
        except BaseException:
            _native.library.arssr_job_cancel(self.handle)
            thread.join()
            raise
        if failure:
            raise failure[0]

    def _tell(self, progress: Progress) -> None:
        stage = _native.library.arssr_job_stage(self.handle).decode()
        progress(float(_native.library.arssr_job_fraction(self.handle)), stage)
