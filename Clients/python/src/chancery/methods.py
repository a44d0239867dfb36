"""The methods of the protocol."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

from . import chancery_pb2 as pb

Request = TypeVar("Request", bound=Message)
Reply = TypeVar("Reply", bound=Message)


class Service(enum.StrEnum):
    """A kind of service."""

    INGEST = "ingest"
    INDEX = "index"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Method(Generic[Request, Reply]):
    """A method: its number, its messages, and whether it is safe to repeat."""

    number: int
    request: type[Request]
    reply: type[Reply]
    safe: bool = True


HEALTH = Method(1, pb.HealthRequest, pb.HealthReply)
STATUS = Method(2, pb.StatusRequest, pb.StatusReply)
TRACE = Method(3, pb.TraceRequest, pb.TraceReply)
SUBMIT = Method(16, pb.SubmitRequest, pb.SubmitReply)
GET_ORIGINAL = Method(17, pb.GetOriginalRequest, pb.GetOriginalReply)
READ_JOURNAL = Method(18, pb.ReadJournalRequest, pb.ReadJournalReply)
DELETE = Method(19, pb.DeleteRequest, pb.DeleteReply, safe=False)
WATCH_MANIFEST = Method(32, pb.WatchManifestRequest, pb.WatchManifestReply)
VERIFY = Method(35, pb.VerifyRequest, pb.VerifyReply)
SEARCH = Method(48, pb.SearchRequest, pb.SearchReply)
GET = Method(49, pb.GetRequest, pb.GetReply)
SUGGEST = Method(50, pb.SuggestRequest, pb.SuggestReply)
EXPLAIN = Method(51, pb.ExplainRequest, pb.ExplainReply)
