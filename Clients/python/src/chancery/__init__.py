"""The client of Chancery, a registry and search service for official communications."""

from .chancery_pb2 import (
    DeleteReply,
    Document,
    ExplainReply,
    FacetValue,
    HealthReply,
    Hit,
    JournalEntry,
    Manifest,
    SearchReply,
    StatusReply,
    SubmitReply,
    TraceReply,
    VerifyReply,
)
from .client import Answer, AsyncClient
from .download import Download as AsyncDownload
from .errors import (
    CancelError,
    ChanceryError,
    ConflictError,
    DeadlineError,
    ForbiddenError,
    InternalError,
    InvalidError,
    NotFoundError,
    OverloadedError,
    Processed,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
    UnimplementedError,
)
from .jsonform import document_json, document_line
from .methods import Service
from .plain import Client, Download
from .settings import Endpoint, Settings, SettingsError
from .version import __version__

__all__ = [
    "Answer",
    "AsyncClient",
    "AsyncDownload",
    "CancelError",
    "ChanceryError",
    "Client",
    "ConflictError",
    "DeadlineError",
    "DeleteReply",
    "Document",
    "Download",
    "Endpoint",
    "ExplainReply",
    "FacetValue",
    "ForbiddenError",
    "HealthReply",
    "Hit",
    "InternalError",
    "InvalidError",
    "JournalEntry",
    "Manifest",
    "NotFoundError",
    "OverloadedError",
    "Processed",
    "SearchReply",
    "Service",
    "Settings",
    "SettingsError",
    "StatusReply",
    "SubmitReply",
    "TooLargeError",
    "TraceReply",
    "UnauthenticatedError",
    "UnavailableError",
    "UnimplementedError",
    "VerifyReply",
    "__version__",
    "document_json",
    "document_line",
]
