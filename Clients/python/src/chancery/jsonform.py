"""A document as JSON, in the form in which the ``chancery`` command prints it."""

from __future__ import annotations

import json
from typing import Any

from . import chancery_pb2 as pb

_roles = ("body", "heading", "signature", "annexHeading", "masthead", "footnote")


def document_json(document: pb.Document) -> dict[str, Any]:
    """The fields of a document: identifiers in hexadecimal, null for what was not read."""
    return {
        "id": document.id.hex(),
        "symbols": list(document.symbols),
        "organs": list(document.organs),
        "distribution": document.distribution or None,
        "date": document.date or None,
        "original_languages": list(document.original_languages),
        "sessions": [{"organ": s.organ, "text": s.text, "number": s.number or None} for s in document.sessions],
        "items": [{"number": i.number, "title": i.title or None, "organ": i.organ or None} for i in document.items],
        "titles": list(document.titles),
        "title": document.title or None,
        "kind": document.kind,
        "sender": _party(document.sender) if document.HasField("sender") else None,
        "addressees": [_party(party) for party in document.addressees],
        "signatories": [{"name": s.name, "rank": s.rank or None, "post": s.post or None} for s in document.signatories],
        "sponsors": list(document.sponsors),
        "language": document.language or None,
        "sha256": document.original_sha256.hex(),
        "bytes": document.original_bytes,
        "media_type": document.media_type,
        "file_name": document.file_name,
        "metadata": dict(sorted(document.metadata.items())),
        "paragraphs": [
            {
                "number": p.number,
                "label": p.label or None,
                "text": p.text,
                "attribution": p.attribution,
                "page": p.page or None,
                "role": _roles[p.role] if p.role < len(_roles) else str(p.role),
            }
            for p in document.paragraphs
        ],
    }


def document_line(document: pb.Document) -> str:
    """A document as one line of JSON."""
    return json.dumps(document_json(document), ensure_ascii=False, separators=(",", ":"))


def _party(party: pb.Party) -> dict[str, str | None]:
    return {"text": party.text, "state": party.state or None, "post": party.post or None}
