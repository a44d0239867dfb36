"""Tests/Vectors: every vector means what its text says, and comes back byte for byte; the bad ones are refused."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
from google.protobuf import text_format
from google.protobuf.message import Message

from chancery import chancery_pb2 as pb
from chancery.errors import ChanceryError
from chancery.events import Closed, Draining, Ended, Failed, Ready, Received, Replied, Writable
from chancery.frames import HEADER_LENGTH, Flag, Header, Kind, frame
from chancery.machine import Connection
from chancery.messages import decode, encode
from deployment import VECTORS, Deployment, Node


@dataclass
class Vector:
    """A vector's bytes and what its text says of them."""

    data: bytes
    meaning: str
    expect: str | None
    header: Header | None
    messages: list[Message]


def read(name: str) -> Vector:
    text = (VECTORS / f"{name}.txt").read_text("utf-8")
    fields = dict(re.findall(r"^(Meaning|Expect|Frame): (.*)$", text, re.MULTILINE))
    header = None
    if "Frame" in fields:
        numbers = dict(part.split("=") for part in fields["Frame"].split())
        header = Header(**{key: int(value) for key, value in numbers.items()})
    messages = []
    for match in re.finditer(r"^(?:Method-)?Message: (\w+)\n\n(.*?)(?=^Method-Message: |\Z)", text, re.MULTILINE | re.DOTALL):
        messages.append(text_format.Parse(match[2], getattr(pb, match[1])()))
    return Vector((VECTORS / f"{name}.bin").read_bytes(), fields["Meaning"], fields.get("Expect"), header, messages)


names = sorted(path.stem for path in VECTORS.glob("*.bin"))
good = [name for name in names if not name.startswith("bad-")]
bad = [name for name in names if name.startswith("bad-")]


def test_there_are_vectors_of_every_kind_of_frame() -> None:
    headers = [header for name in good if (header := read(name).header)]
    # DATA carries raw bytes: there is nothing to say about it.
    assert {header.kind for header in headers} == set(Kind) - {Kind.DATA}
    assert len(bad) >= 8


@pytest.mark.parametrize("name", good)
def test_a_vector_means_what_its_text_says_and_comes_back_byte_for_byte(name: str) -> None:
    vector = read(name)
    body = vector.data
    if vector.header is not None:
        assert Header.decode(vector.data) == vector.header
        body = vector.data[HEADER_LENGTH:]
        assert len(body) == vector.header.length
        again = frame(Kind(vector.header.kind), vector.header.stream, body, flags=vector.header.flags, method=vector.header.method)
        assert again == vector.data
    if not vector.messages:
        assert not body
    for message in vector.messages:
        assert decode(type(message), body) == message
        assert encode(message) == body
        if isinstance(message, pb.Request):
            body = message.body


def after_hello(now: float = 0) -> Connection:
    """A connection with streams 1 to 3 open and stream 1 replied."""
    connection = Connection(now)
    connection.receive(read("hello").data, now)
    for _ in range(3):
        connection.open(48, b"", more=True)
    connection.receive(frame(Kind.REPLY, 1, b""), now)
    connection.take()
    return connection


def test_the_machine_understands_what_a_server_sends() -> None:
    connection = Connection(0)
    hello = read("hello")
    assert connection.receive(hello.data, 0) == [Ready(hello.messages[0])]  # type: ignore[arg-type]
    connection = after_hello()
    assert connection.receive(read("ping").data, 0) == []
    assert connection.take() == read("pong").data
    assert connection.receive(read("pong").data, 0) == []
    assert connection.receive(read("credit").data, 0) == [Writable(1)]
    assert connection.receive(frame(Kind.DATA, 1, b"x"), 0) == [Received(1, b"x")]
    assert connection.receive(read("end").data, 0) == [Ended(1)]
    reply = read("reply-search")
    assert connection.receive(reply.data, 0) == [Replied(3, reply.data[HEADER_LENGTH:], True)]
    assert connection.receive(read("goaway").data, 0) == [Draining("restart")]
    connection = after_hello()
    (event,) = connection.receive(read("error").data, 0)
    assert isinstance(event, Failed)
    assert (event.stream, event.error.code, event.error.retry_after) == (3, 1, 0.25)
    assert dict(event.error.details) == {"position": "7", "hint": "close the phrase"}


def test_the_machine_sends_what_the_vectors_say() -> None:
    connection = after_hello()
    connection.cancel(3)
    assert connection.take() == read("cancel").data
    connection.end(1)
    assert connection.take() == read("end").data
    connection.receive(frame(Kind.DATA, 1, bytes(131_072)), 0)
    connection.consumed(1, 131_072)
    assert connection.take() == read("credit").data


@pytest.mark.parametrize("name", bad)
def test_the_machine_refuses_a_bad_vector(name: str) -> None:
    connection = Connection(0)
    connection.receive(read("hello").data, 0)
    connection.take()
    (event,) = connection.receive(read(name).data, 0)
    assert isinstance(event, Closed)
    assert isinstance(event.error, ChanceryError)
    assert event.error.name.replace(" ", "-") == read(name).expect
    told = connection.take()
    assert Header.decode(told).kind == Kind.ERROR
    assert decode(pb.Error, told[HEADER_LENGTH:]).code == event.error.code


@pytest.mark.parametrize("name", bad)
def test_the_service_refuses_a_bad_vector(name: str, deployment: Deployment, ingest: Node) -> None:
    hello = pb.Hello(min_version=1, max_version=1)
    sent = frame(Kind.HELLO, 0, encode(hello)) + read(name).data
    headers, bodies = exchange(deployment, ingest, sent)
    assert [header.kind for header in headers] == [Kind.HELLO, Kind.ERROR]
    error = decode(pb.Error, bodies[1])
    assert headers[1].stream == 0
    assert pb.ErrorCode.Name(error.code).lower().replace("_", "-") == read(name).expect


def exchange(deployment: Deployment, node: Node, sent: bytes) -> tuple[list[Header], list[bytes]]:
    """Sends bytes to a service and reads frames until it closes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(deployment.folder / "ca.crt")
    context.load_cert_chain(deployment.folder / "operator.crt", deployment.folder / "operator.key")
    context.set_alpn_protocols(["chancery/1"])
    address = (node.endpoint.host, node.endpoint.port)
    received = b""
    with socket.create_connection(address, timeout=20) as plain, context.wrap_socket(plain, server_hostname="localhost") as secure:
        secure.sendall(sent)
        while data := secure.recv(65536):
            received += data
    headers, bodies = [], []
    while received:
        header = Header.decode(received)
        headers.append(header)
        bodies.append(received[HEADER_LENGTH : HEADER_LENGTH + header.length])
        received = received[HEADER_LENGTH + header.length :]
    return headers, bodies


def test_flags_are_the_protocols() -> None:
    search, submit = read("request-search").header, read("request-submit").header
    assert search is not None
    assert submit is not None
    assert (search.flags, submit.flags) == (Flag.LAST, 0)
    assert Path(VECTORS / "hello.bin").read_bytes()[4] == Kind.HELLO
