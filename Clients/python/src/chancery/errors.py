"""The errors of a call: one class for each code of the protocol."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from . import chancery_pb2 as pb


class Processed(enum.IntEnum):
    """Whether the service did what was asked of it."""

    MAYBE = 0
    NO = 1
    YES = 2


class ChanceryError(Exception):
    """A call that failed. Raised itself only for a code that this client does not know.

    ``message`` is for people. ``retryable`` says whether the same call can succeed later, ``retry_after`` how many seconds to wait
    before, ``processed`` whether the service did it, ``details`` what is known by name (``position`` and ``hint`` of a wrong query,
    ``limit``).
    """

    code: int = 0
    name: ClassVar[str] = "unknown"

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        retry_after: float = 0.0,
        processed: Processed = Processed.MAYBE,
        details: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.retryable = retryable
        self.retry_after = retry_after
        self.processed = processed
        self.details: Mapping[str, str] = MappingProxyType(dict(details or {}))

    def __str__(self) -> str:
        hint = self.details.get("hint")
        return f"{self.name}: {self.message}" + (f" ({hint})" if hint else "")


class InvalidError(ChanceryError):
    """The request is wrong, or one side broke a rule of the protocol."""

    code = 1
    name = "invalid"


class UnauthenticatedError(ChanceryError):
    """It is not known who calls, or the service is not who it should be: one side does not trust the other's certificate."""

    code = 2
    name = "unauthenticated"


class ForbiddenError(ChanceryError):
    """The role of the client's certificate may not call this."""

    code = 3
    name = "forbidden"


class NotFoundError(ChanceryError):
    """There is no such thing."""

    code = 4
    name = "not found"


class ConflictError(ChanceryError):
    """It contradicts what is there: another cluster, another journal."""

    code = 5
    name = "conflict"


class TooLargeError(ChanceryError):
    """Beyond a limit."""

    code = 6
    name = "too large"


class OverloadedError(ChanceryError):
    """Refused before any work."""

    code = 7
    name = "overloaded"


class UnavailableError(ChanceryError):
    """Not now, or not here: starting, stopping, unreachable, the connection was lost."""

    code = 8
    name = "unavailable"


class DeadlineError(ChanceryError):
    """The time was over."""

    code = 9
    name = "deadline"


class CancelError(ChanceryError):
    """The caller gave up."""

    code = 10
    name = "cancelled"


class InternalError(ChanceryError):
    """The service's fault, or ours."""

    code = 11
    name = "internal"


class UnimplementedError(ChanceryError):
    """An unknown method, or no version of the protocol in common."""

    code = 12
    name = "unimplemented"


_classes: Mapping[int, type[ChanceryError]] = {
    cls.code: cls
    for cls in (
        InvalidError,
        UnauthenticatedError,
        ForbiddenError,
        NotFoundError,
        ConflictError,
        TooLargeError,
        OverloadedError,
        UnavailableError,
        DeadlineError,
        CancelError,
        InternalError,
        UnimplementedError,
    )
}


def from_message(message: pb.Error) -> ChanceryError:
    """The exception that an ``Error`` means."""
    cls = _classes.get(message.code, ChanceryError)
    error = cls(
        message.message,
        retryable=message.retryable,
        retry_after=message.retry_after_ms / 1000,
        processed=Processed(message.processed) if message.processed in (1, 2) else Processed.MAYBE,
        details={detail.key: detail.value for detail in message.details},
    )
    error.code = message.code
    return error


def to_message(error: ChanceryError) -> pb.Error:
    """The ``Error`` to send for an exception, within the protocol's bounds."""
    text = error.message.encode()[:1024].decode(errors="ignore")
    return pb.Error(code=error.code, message=text, retryable=error.retryable, processed=int(error.processed))
