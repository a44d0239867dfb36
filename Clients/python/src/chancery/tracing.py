"""The W3C trace context that a call passes on."""

from __future__ import annotations

import re

try:
    from opentelemetry import trace as opentelemetry
except ImportError:  # it is no dependency
    opentelemetry = None  # type: ignore[assignment]


def trace_parent(traceparent: str | None) -> bytes:
    """The 25 bytes for a REQUEST: those of ``traceparent``, or of OpenTelemetry's current span when that is None. None are no bytes.

    Raises ValueError when ``traceparent`` is not as https://www.w3.org/TR/trace-context/ has it.
    """
    if traceparent is None:
        return _current()
    if not traceparent:
        return b""
    found = re.fullmatch("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", traceparent)
    # A later version than 00 may have more behind a hyphen.
    if found is None or found[1] == "ff" or (found[1] == "00" and found[5]):
        raise ValueError(f"not a W3C traceparent: {traceparent!r}")
    trace, span, flags = (bytes.fromhex(found[field]) for field in (2, 3, 4))
    if not any(trace) or not any(span):
        raise ValueError(f"a W3C traceparent whose ids are zeros: {traceparent!r}")
    return trace + span + flags


def _current() -> bytes:
    if opentelemetry is None:
        return b""
    context = opentelemetry.get_current_span().get_span_context()
    if not context.is_valid:
        return b""
    return context.trace_id.to_bytes(16) + context.span_id.to_bytes(8) + bytes([context.trace_flags])
