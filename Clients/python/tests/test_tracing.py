"""What trace context a call passes on."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider

from chancery import tracing
from chancery.tracing import trace_parent

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.mark.parametrize("text", [f"00-{TRACE}-{SPAN}-01", f"01-{TRACE}-{SPAN}-01", f"cc-{TRACE}-{SPAN}-01-what-comes-later"])
def test_a_traceparent_is_25_bytes(text: str) -> None:
    assert trace_parent(text) == bytes.fromhex(TRACE + SPAN + "01")


@pytest.mark.parametrize(
    "text",
    [
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f" 00-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_what_is_no_traceparent_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="traceparent"):
        trace_parent(text)


def test_without_one_it_is_the_current_span_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trace_parent(None) == b""
    with TracerProvider().get_tracer("test").start_as_current_span("work") as span:
        context = span.get_span_context()
        assert trace_parent(None) == context.trace_id.to_bytes(16) + context.span_id.to_bytes(8) + bytes([context.trace_flags])
        assert context.trace_flags & 1
        assert trace_parent("") == b"", "an empty one is none"
        monkeypatch.setattr(tracing, "opentelemetry", None)
        assert trace_parent(None) == b"", "nothing is asked of what is not installed"
