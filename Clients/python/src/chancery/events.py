"""What a connection tells: the events of ``machine.Connection``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from . import chancery_pb2 as pb
from .errors import ChanceryError


@dataclass(frozen=True, slots=True)
class Ready:
    """The server's HELLO has come: calls may begin."""

    hello: pb.Hello


@dataclass(frozen=True, slots=True)
class Replied:
    """The REPLY of a call. With ``last`` the call is over."""

    stream: int
    body: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class Received:
    """DATA of a call. ``Connection.consumed`` makes room for more."""

    stream: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The server has sent all its DATA: the call is over."""

    stream: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The call is over without success."""

    stream: int
    error: ChanceryError


@dataclass(frozen=True, slots=True)
class Writable:
    """Credit has come for a call, or for all when ``stream`` is 0."""

    stream: int


@dataclass(frozen=True, slots=True)
class Draining:
    """The server stops: no call may begin any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The connection is over: send what is left to send, then close. ``error`` is None when both sides were done."""

    error: ChanceryError | None


Event: TypeAlias = Ready | Replied | Received | Ended | Failed | Writable | Draining | Closed
