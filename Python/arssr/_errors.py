"""Exceptions: every cause has the code and the exit status of the command."""
from __future__ import annotations

import contextlib
import re
from typing import Iterator


class ArssrError(Exception):
    """Why a call was refused or broken off.

    Attributes:
        code: Stable identifier of the cause, such as ``volume.nonfinite``.
        status: Exit status that the command ends with for the same cause.
        subject: File or argument concerned; empty where there is none.
        message: What is wrong, on one line.
    """

    def __init__(self, message: str, code: str, status: int, subject: str = "") -> None:
        super().__init__(message, code, status, subject)
        self.message = message
        self.code = code
        self.status = status
        self.subject = subject

    def __str__(self) -> str:
        text = f"{self.subject}: {self.message}" if self.subject else self.message
        return f"{text} [{self.code}]"


class UsageError(ArssrError, ValueError):
    """An argument is wrong."""


class DataError(ArssrError, ValueError):
    """A volume cannot be used as it is."""


class NotFoundError(ArssrError, LookupError):
    """There is no file or model of this name."""


class ModelError(ArssrError, ValueError):
    """A model is malformed, unsafe or does not fit."""


class UnavailableError(ArssrError, RuntimeError):
    """This build or machine lacks what was asked for."""


class OutOfMemoryError(ArssrError, MemoryError):
    """The limit on memory is too small, or the system refused memory."""


class InternalError(ArssrError, RuntimeError):
    """A bug of arssr."""


class ArssrWarning(UserWarning):
    """The result is as asked, but you should know something."""


_BY_STATUS: dict[int, type[ArssrError]] = {
    64: UsageError,
    65: DataError,
    66: NotFoundError,
    69: UnavailableError,
    70: InternalError,
    78: ModelError,
}


def made(message: str, code: str, status: int, subject: str) -> ArssrError:
    """The exception of a cause, with options of the command as arguments."""
    kind = _BY_STATUS.get(status, ArssrError)
    if code.startswith("memory."):
        kind = OutOfMemoryError
    return kind(_arguments(message), code, status, _arguments(subject))


def _arguments(text: str) -> str:
    """`max_memory` where the command says `--max-memory`."""
    return re.sub(
        r"(?<!\S)--([a-z][a-z-]*)", lambda found: found[1].replace("-", "_"), text)


@contextlib.contextmanager
def memory() -> Iterator[None]:
    """Memory that is refused to numpy is refused as the library's own is."""
    try:
        yield
    except OutOfMemoryError:
        raise
    except MemoryError as error:
        message = str(error) or "the system refused memory"
        raise OutOfMemoryError(message, "memory.system", 71) from None


def usage(subject: str, message: str, code: str = "usage.value") -> UsageError:
    """An argument that is found wrong on this side."""
    return UsageError(message, code, 64, subject)
