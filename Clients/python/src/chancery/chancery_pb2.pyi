from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ErrorCode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UNKNOWN_CODE: _ClassVar[ErrorCode]
    INVALID: _ClassVar[ErrorCode]
    UNAUTHENTICATED: _ClassVar[ErrorCode]
    FORBIDDEN: _ClassVar[ErrorCode]
    NOT_FOUND: _ClassVar[ErrorCode]
    CONFLICT: _ClassVar[ErrorCode]
    TOO_LARGE: _ClassVar[ErrorCode]
    OVERLOADED: _ClassVar[ErrorCode]
    UNAVAILABLE: _ClassVar[ErrorCode]
    DEADLINE: _ClassVar[ErrorCode]
    CANCELLED: _ClassVar[ErrorCode]
    INTERNAL: _ClassVar[ErrorCode]
    UNIMPLEMENTED: _ClassVar[ErrorCode]

class Processed(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MAYBE: _ClassVar[Processed]
    NO: _ClassVar[Processed]
    YES: _ClassVar[Processed]
UNKNOWN_CODE: ErrorCode
INVALID: ErrorCode
UNAUTHENTICATED: ErrorCode
FORBIDDEN: ErrorCode
NOT_FOUND: ErrorCode
CONFLICT: ErrorCode
TOO_LARGE: ErrorCode
OVERLOADED: ErrorCode
UNAVAILABLE: ErrorCode
DEADLINE: ErrorCode
CANCELLED: ErrorCode
INTERNAL: ErrorCode
UNIMPLEMENTED: ErrorCode
MAYBE: Processed
NO: Processed
YES: Processed

class Hello(_message.Message):
    __slots__ = ("min_version", "max_version", "max_frame_length", "max_streams", "initial_stream_credit", "initial_connection_credit", "software", "cluster", "features")
    MIN_VERSION_FIELD_NUMBER: _ClassVar[int]
    MAX_VERSION_FIELD_NUMBER: _ClassVar[int]
    MAX_FRAME_LENGTH_FIELD_NUMBER: _ClassVar[int]
    MAX_STREAMS_FIELD_NUMBER: _ClassVar[int]
    INITIAL_STREAM_CREDIT_FIELD_NUMBER: _ClassVar[int]
    INITIAL_CONNECTION_CREDIT_FIELD_NUMBER: _ClassVar[int]
    SOFTWARE_FIELD_NUMBER: _ClassVar[int]
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    min_version: int
    max_version: int
    max_frame_length: int
    max_streams: int
    initial_stream_credit: int
    initial_connection_credit: int
    software: str
    cluster: str
    features: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, min_version: _Optional[int] = ..., max_version: _Optional[int] = ..., max_frame_length: _Optional[int] = ..., max_streams: _Optional[int] = ..., initial_stream_credit: _Optional[int] = ..., initial_connection_credit: _Optional[int] = ..., software: _Optional[str] = ..., cluster: _Optional[str] = ..., features: _Optional[_Iterable[str]] = ...) -> None: ...

class Request(_message.Message):
    __slots__ = ("deadline_ms", "trace_parent", "idempotency_key", "body")
    DEADLINE_MS_FIELD_NUMBER: _ClassVar[int]
    TRACE_PARENT_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    deadline_ms: int
    trace_parent: bytes
    idempotency_key: str
    body: bytes
    def __init__(self, deadline_ms: _Optional[int] = ..., trace_parent: _Optional[bytes] = ..., idempotency_key: _Optional[str] = ..., body: _Optional[bytes] = ...) -> None: ...

class Error(_message.Message):
    __slots__ = ("code", "message", "retryable", "retry_after_ms", "processed", "details")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RETRYABLE_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    PROCESSED_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    code: int
    message: str
    retryable: bool
    retry_after_ms: int
    processed: int
    details: _containers.RepeatedCompositeFieldContainer[ErrorDetail]
    def __init__(self, code: _Optional[int] = ..., message: _Optional[str] = ..., retryable: bool = ..., retry_after_ms: _Optional[int] = ..., processed: _Optional[int] = ..., details: _Optional[_Iterable[_Union[ErrorDetail, _Mapping]]] = ...) -> None: ...

class ErrorDetail(_message.Message):
    __slots__ = ("key", "value")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: str
    def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class Credit(_message.Message):
    __slots__ = ("bytes",)
    BYTES_FIELD_NUMBER: _ClassVar[int]
    bytes: int
    def __init__(self, bytes: _Optional[int] = ...) -> None: ...

class GoAway(_message.Message):
    __slots__ = ("last_stream", "reason")
    LAST_STREAM_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    last_stream: int
    reason: str
    def __init__(self, last_stream: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class Ping(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: int
    def __init__(self, token: _Optional[int] = ...) -> None: ...

class Document(_message.Message):
    __slots__ = ("id", "symbols", "organs", "distribution", "date", "original_languages", "sessions", "items", "titles", "title", "kind", "sender", "addressees", "signatories", "paragraphs", "language", "original_sha256", "original_bytes", "media_type", "file_name", "sponsors", "metadata", "readings", "citations", "mentions", "annexes", "amendments")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    ORGANS_FIELD_NUMBER: _ClassVar[int]
    DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    TITLES_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ADDRESSEES_FIELD_NUMBER: _ClassVar[int]
    SIGNATORIES_FIELD_NUMBER: _ClassVar[int]
    PARAGRAPHS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_SHA256_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_BYTES_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    SPONSORS_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    READINGS_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_FIELD_NUMBER: _ClassVar[int]
    ANNEXES_FIELD_NUMBER: _ClassVar[int]
    AMENDMENTS_FIELD_NUMBER: _ClassVar[int]
    id: bytes
    symbols: _containers.RepeatedScalarFieldContainer[str]
    organs: _containers.RepeatedScalarFieldContainer[str]
    distribution: str
    date: str
    original_languages: _containers.RepeatedScalarFieldContainer[str]
    sessions: _containers.RepeatedCompositeFieldContainer[Session]
    items: _containers.RepeatedCompositeFieldContainer[AgendaItem]
    titles: _containers.RepeatedScalarFieldContainer[str]
    title: str
    kind: str
    sender: Party
    addressees: _containers.RepeatedCompositeFieldContainer[Party]
    signatories: _containers.RepeatedCompositeFieldContainer[Signatory]
    paragraphs: _containers.RepeatedCompositeFieldContainer[Paragraph]
    language: str
    original_sha256: bytes
    original_bytes: int
    media_type: str
    file_name: str
    sponsors: _containers.RepeatedScalarFieldContainer[str]
    metadata: _containers.ScalarMap[str, str]
    readings: _containers.RepeatedCompositeFieldContainer[FieldReading]
    citations: _containers.RepeatedCompositeFieldContainer[Citation]
    mentions: _containers.RepeatedCompositeFieldContainer[Mention]
    annexes: _containers.RepeatedCompositeFieldContainer[Annex]
    amendments: _containers.RepeatedCompositeFieldContainer[Amendment]
    def __init__(self, id: _Optional[bytes] = ..., symbols: _Optional[_Iterable[str]] = ..., organs: _Optional[_Iterable[str]] = ..., distribution: _Optional[str] = ..., date: _Optional[str] = ..., original_languages: _Optional[_Iterable[str]] = ..., sessions: _Optional[_Iterable[_Union[Session, _Mapping]]] = ..., items: _Optional[_Iterable[_Union[AgendaItem, _Mapping]]] = ..., titles: _Optional[_Iterable[str]] = ..., title: _Optional[str] = ..., kind: _Optional[str] = ..., sender: _Optional[_Union[Party, _Mapping]] = ..., addressees: _Optional[_Iterable[_Union[Party, _Mapping]]] = ..., signatories: _Optional[_Iterable[_Union[Signatory, _Mapping]]] = ..., paragraphs: _Optional[_Iterable[_Union[Paragraph, _Mapping]]] = ..., language: _Optional[str] = ..., original_sha256: _Optional[bytes] = ..., original_bytes: _Optional[int] = ..., media_type: _Optional[str] = ..., file_name: _Optional[str] = ..., sponsors: _Optional[_Iterable[str]] = ..., metadata: _Optional[_Mapping[str, str]] = ..., readings: _Optional[_Iterable[_Union[FieldReading, _Mapping]]] = ..., citations: _Optional[_Iterable[_Union[Citation, _Mapping]]] = ..., mentions: _Optional[_Iterable[_Union[Mention, _Mapping]]] = ..., annexes: _Optional[_Iterable[_Union[Annex, _Mapping]]] = ..., amendments: _Optional[_Iterable[_Union[Amendment, _Mapping]]] = ...) -> None: ...

class FieldReading(_message.Message):
    __slots__ = ("field", "index", "start", "length", "page", "confidence", "reason")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    field: str
    index: int
    start: int
    length: int
    page: int
    confidence: int
    reason: str
    def __init__(self, field: _Optional[str] = ..., index: _Optional[int] = ..., start: _Optional[int] = ..., length: _Optional[int] = ..., page: _Optional[int] = ..., confidence: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class TextSpan(_message.Message):
    __slots__ = ("paragraph", "title", "start", "length", "item")
    PARAGRAPH_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    paragraph: int
    title: int
    start: int
    length: int
    item: int
    def __init__(self, paragraph: _Optional[int] = ..., title: _Optional[int] = ..., start: _Optional[int] = ..., length: _Optional[int] = ..., item: _Optional[int] = ...) -> None: ...

class Citation(_message.Message):
    __slots__ = ("span", "symbols", "instrument", "pinpoint", "relation", "reason")
    SPAN_FIELD_NUMBER: _ClassVar[int]
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    PINPOINT_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    span: TextSpan
    symbols: _containers.RepeatedScalarFieldContainer[str]
    instrument: str
    pinpoint: str
    relation: int
    reason: str
    def __init__(self, span: _Optional[_Union[TextSpan, _Mapping]] = ..., symbols: _Optional[_Iterable[str]] = ..., instrument: _Optional[str] = ..., pinpoint: _Optional[str] = ..., relation: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class Mention(_message.Message):
    __slots__ = ("span", "kind", "first_day", "last_day", "value", "unit")
    SPAN_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    span: TextSpan
    kind: int
    first_day: str
    last_day: str
    value: str
    unit: str
    def __init__(self, span: _Optional[_Union[TextSpan, _Mapping]] = ..., kind: _Optional[int] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., value: _Optional[str] = ..., unit: _Optional[str] = ...) -> None: ...

class Amendment(_message.Message):
    __slots__ = ("field", "values", "was", "why", "who", "time_ms", "restored")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    WAS_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    WHO_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    RESTORED_FIELD_NUMBER: _ClassVar[int]
    field: str
    values: _containers.RepeatedScalarFieldContainer[str]
    was: bytes
    why: str
    who: str
    time_ms: int
    restored: bool
    def __init__(self, field: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ..., was: _Optional[bytes] = ..., why: _Optional[str] = ..., who: _Optional[str] = ..., time_ms: _Optional[int] = ..., restored: bool = ...) -> None: ...

class Annex(_message.Message):
    __slots__ = ("label", "title", "kind", "date", "sender", "addressees", "signatories", "original_languages", "first_paragraph", "last_paragraph")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ADDRESSEES_FIELD_NUMBER: _ClassVar[int]
    SIGNATORIES_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    FIRST_PARAGRAPH_FIELD_NUMBER: _ClassVar[int]
    LAST_PARAGRAPH_FIELD_NUMBER: _ClassVar[int]
    label: str
    title: str
    kind: str
    date: str
    sender: Party
    addressees: _containers.RepeatedCompositeFieldContainer[Party]
    signatories: _containers.RepeatedCompositeFieldContainer[Signatory]
    original_languages: _containers.RepeatedScalarFieldContainer[str]
    first_paragraph: int
    last_paragraph: int
    def __init__(self, label: _Optional[str] = ..., title: _Optional[str] = ..., kind: _Optional[str] = ..., date: _Optional[str] = ..., sender: _Optional[_Union[Party, _Mapping]] = ..., addressees: _Optional[_Iterable[_Union[Party, _Mapping]]] = ..., signatories: _Optional[_Iterable[_Union[Signatory, _Mapping]]] = ..., original_languages: _Optional[_Iterable[str]] = ..., first_paragraph: _Optional[int] = ..., last_paragraph: _Optional[int] = ...) -> None: ...

class Session(_message.Message):
    __slots__ = ("organ", "text", "number")
    ORGAN_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    organ: str
    text: str
    number: int
    def __init__(self, organ: _Optional[str] = ..., text: _Optional[str] = ..., number: _Optional[int] = ...) -> None: ...

class AgendaItem(_message.Message):
    __slots__ = ("number", "title", "organ")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ORGAN_FIELD_NUMBER: _ClassVar[int]
    number: str
    title: str
    organ: str
    def __init__(self, number: _Optional[str] = ..., title: _Optional[str] = ..., organ: _Optional[str] = ...) -> None: ...

class Party(_message.Message):
    __slots__ = ("text", "state", "post", "code")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    POST_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    text: str
    state: str
    post: str
    code: str
    def __init__(self, text: _Optional[str] = ..., state: _Optional[str] = ..., post: _Optional[str] = ..., code: _Optional[str] = ...) -> None: ...

class Signatory(_message.Message):
    __slots__ = ("name", "rank", "post")
    NAME_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    POST_FIELD_NUMBER: _ClassVar[int]
    name: str
    rank: str
    post: str
    def __init__(self, name: _Optional[str] = ..., rank: _Optional[str] = ..., post: _Optional[str] = ...) -> None: ...

class Paragraph(_message.Message):
    __slots__ = ("number", "label", "text", "attribution", "page", "role", "language")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    number: int
    label: str
    text: str
    attribution: str
    page: int
    role: int
    language: str
    def __init__(self, number: _Optional[int] = ..., label: _Optional[str] = ..., text: _Optional[str] = ..., attribution: _Optional[str] = ..., page: _Optional[int] = ..., role: _Optional[int] = ..., language: _Optional[str] = ...) -> None: ...

class HealthRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HealthReply(_message.Message):
    __slots__ = ("service", "version", "ready", "reason")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    READY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    service: str
    version: str
    ready: bool
    reason: str
    def __init__(self, service: _Optional[str] = ..., version: _Optional[str] = ..., ready: bool = ..., reason: _Optional[str] = ...) -> None: ...

class StatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StatusReply(_message.Message):
    __slots__ = ("service", "version", "figures")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    service: str
    version: str
    figures: _containers.RepeatedCompositeFieldContainer[Figure]
    def __init__(self, service: _Optional[str] = ..., version: _Optional[str] = ..., figures: _Optional[_Iterable[_Union[Figure, _Mapping]]] = ...) -> None: ...

class Figure(_message.Message):
    __slots__ = ("name", "value", "unit")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: str
    unit: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ..., unit: _Optional[str] = ...) -> None: ...

class TraceRequest(_message.Message):
    __slots__ = ("trace_id",)
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    trace_id: bytes
    def __init__(self, trace_id: _Optional[bytes] = ...) -> None: ...

class TraceReply(_message.Message):
    __slots__ = ("spans",)
    SPANS_FIELD_NUMBER: _ClassVar[int]
    spans: _containers.RepeatedCompositeFieldContainer[Span]
    def __init__(self, spans: _Optional[_Iterable[_Union[Span, _Mapping]]] = ...) -> None: ...

class Span(_message.Message):
    __slots__ = ("span_id", "parent_id", "name", "software", "start_us", "microseconds", "error", "attributes")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    PARENT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SOFTWARE_FIELD_NUMBER: _ClassVar[int]
    START_US_FIELD_NUMBER: _ClassVar[int]
    MICROSECONDS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    span_id: bytes
    parent_id: bytes
    name: str
    software: str
    start_us: int
    microseconds: int
    error: str
    attributes: _containers.ScalarMap[str, str]
    def __init__(self, span_id: _Optional[bytes] = ..., parent_id: _Optional[bytes] = ..., name: _Optional[str] = ..., software: _Optional[str] = ..., start_us: _Optional[int] = ..., microseconds: _Optional[int] = ..., error: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ...) -> None: ...

class SubmitRequest(_message.Message):
    __slots__ = ("file_name", "media_type", "size", "symbol", "metadata", "sha256", "distribution")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    file_name: str
    media_type: str
    size: int
    symbol: str
    metadata: _containers.ScalarMap[str, str]
    sha256: bytes
    distribution: str
    def __init__(self, file_name: _Optional[str] = ..., media_type: _Optional[str] = ..., size: _Optional[int] = ..., symbol: _Optional[str] = ..., metadata: _Optional[_Mapping[str, str]] = ..., sha256: _Optional[bytes] = ..., distribution: _Optional[str] = ...) -> None: ...

class SubmitReply(_message.Message):
    __slots__ = ("document_id", "sha256", "sequence", "duplicate", "version", "symbols", "kind", "paragraphs", "notes", "members", "file_name", "refusal")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PARAGRAPHS_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    document_id: bytes
    sha256: bytes
    sequence: int
    duplicate: bool
    version: int
    symbols: _containers.RepeatedScalarFieldContainer[str]
    kind: str
    paragraphs: int
    notes: _containers.RepeatedScalarFieldContainer[str]
    members: _containers.RepeatedCompositeFieldContainer[SubmitReply]
    file_name: str
    refusal: str
    def __init__(self, document_id: _Optional[bytes] = ..., sha256: _Optional[bytes] = ..., sequence: _Optional[int] = ..., duplicate: bool = ..., version: _Optional[int] = ..., symbols: _Optional[_Iterable[str]] = ..., kind: _Optional[str] = ..., paragraphs: _Optional[int] = ..., notes: _Optional[_Iterable[str]] = ..., members: _Optional[_Iterable[_Union[SubmitReply, _Mapping]]] = ..., file_name: _Optional[str] = ..., refusal: _Optional[str] = ...) -> None: ...

class GetOriginalRequest(_message.Message):
    __slots__ = ("sha256",)
    SHA256_FIELD_NUMBER: _ClassVar[int]
    sha256: bytes
    def __init__(self, sha256: _Optional[bytes] = ...) -> None: ...

class GetOriginalReply(_message.Message):
    __slots__ = ("size", "media_type", "file_name")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    size: int
    media_type: str
    file_name: str
    def __init__(self, size: _Optional[int] = ..., media_type: _Optional[str] = ..., file_name: _Optional[str] = ...) -> None: ...

class ReadJournalRequest(_message.Message):
    __slots__ = ("after", "follow", "limit")
    AFTER_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    after: int
    follow: bool
    limit: int
    def __init__(self, after: _Optional[int] = ..., follow: bool = ..., limit: _Optional[int] = ...) -> None: ...

class ReadJournalReply(_message.Message):
    __slots__ = ("last", "journal_id")
    LAST_FIELD_NUMBER: _ClassVar[int]
    JOURNAL_ID_FIELD_NUMBER: _ClassVar[int]
    last: int
    journal_id: str
    def __init__(self, last: _Optional[int] = ..., journal_id: _Optional[str] = ...) -> None: ...

class JournalEntry(_message.Message):
    __slots__ = ("sequence", "kind", "time_ms", "document", "document_id", "version", "idempotency_key", "trace_parent", "who", "why")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    TRACE_PARENT_FIELD_NUMBER: _ClassVar[int]
    WHO_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    kind: int
    time_ms: int
    document: Document
    document_id: bytes
    version: int
    idempotency_key: str
    trace_parent: bytes
    who: str
    why: str
    def __init__(self, sequence: _Optional[int] = ..., kind: _Optional[int] = ..., time_ms: _Optional[int] = ..., document: _Optional[_Union[Document, _Mapping]] = ..., document_id: _Optional[bytes] = ..., version: _Optional[int] = ..., idempotency_key: _Optional[str] = ..., trace_parent: _Optional[bytes] = ..., who: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class DeleteRequest(_message.Message):
    __slots__ = ("symbol", "document_id", "why", "language")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    document_id: bytes
    why: str
    language: str
    def __init__(self, symbol: _Optional[str] = ..., document_id: _Optional[bytes] = ..., why: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class DeleteReply(_message.Message):
    __slots__ = ("sequence", "existed")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    EXISTED_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    existed: bool
    def __init__(self, sequence: _Optional[int] = ..., existed: bool = ...) -> None: ...

class AmendRequest(_message.Message):
    __slots__ = ("symbol", "document_id", "fields", "why", "language")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    document_id: bytes
    fields: _containers.RepeatedCompositeFieldContainer[FieldValues]
    why: str
    language: str
    def __init__(self, symbol: _Optional[str] = ..., document_id: _Optional[bytes] = ..., fields: _Optional[_Iterable[_Union[FieldValues, _Mapping]]] = ..., why: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class FieldValues(_message.Message):
    __slots__ = ("field", "values", "restore", "fill")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    RESTORE_FIELD_NUMBER: _ClassVar[int]
    FILL_FIELD_NUMBER: _ClassVar[int]
    field: str
    values: _containers.RepeatedScalarFieldContainer[str]
    restore: bool
    fill: bool
    def __init__(self, field: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ..., restore: bool = ..., fill: bool = ...) -> None: ...

class AmendReply(_message.Message):
    __slots__ = ("sequence", "document_id", "made", "kept")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    MADE_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    document_id: bytes
    made: _containers.RepeatedCompositeFieldContainer[Amendment]
    kept: _containers.RepeatedCompositeFieldContainer[FieldValues]
    def __init__(self, sequence: _Optional[int] = ..., document_id: _Optional[bytes] = ..., made: _Optional[_Iterable[_Union[Amendment, _Mapping]]] = ..., kept: _Optional[_Iterable[_Union[FieldValues, _Mapping]]] = ...) -> None: ...

class WatchManifestRequest(_message.Message):
    __slots__ = ("have",)
    HAVE_FIELD_NUMBER: _ClassVar[int]
    have: int
    def __init__(self, have: _Optional[int] = ...) -> None: ...

class WatchManifestReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Manifest(_message.Message):
    __slots__ = ("generation", "journal_sequence", "journal_id", "segments", "documents", "created_ms", "boundary", "checksum")
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    JOURNAL_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    JOURNAL_ID_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    CREATED_MS_FIELD_NUMBER: _ClassVar[int]
    BOUNDARY_FIELD_NUMBER: _ClassVar[int]
    CHECKSUM_FIELD_NUMBER: _ClassVar[int]
    generation: int
    journal_sequence: int
    journal_id: str
    segments: _containers.RepeatedCompositeFieldContainer[SegmentEntry]
    documents: int
    created_ms: int
    boundary: int
    checksum: int
    def __init__(self, generation: _Optional[int] = ..., journal_sequence: _Optional[int] = ..., journal_id: _Optional[str] = ..., segments: _Optional[_Iterable[_Union[SegmentEntry, _Mapping]]] = ..., documents: _Optional[int] = ..., created_ms: _Optional[int] = ..., boundary: _Optional[int] = ..., checksum: _Optional[int] = ...) -> None: ...

class SegmentEntry(_message.Message):
    __slots__ = ("name", "bytes", "documents", "deleted", "deletions", "distribution")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    DELETIONS_FIELD_NUMBER: _ClassVar[int]
    DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    bytes: int
    documents: int
    deleted: int
    deletions: str
    distribution: int
    def __init__(self, name: _Optional[str] = ..., bytes: _Optional[int] = ..., documents: _Optional[int] = ..., deleted: _Optional[int] = ..., deletions: _Optional[str] = ..., distribution: _Optional[int] = ...) -> None: ...

class GetObjectRequest(_message.Message):
    __slots__ = ("name", "offset", "length")
    NAME_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    name: str
    offset: int
    length: int
    def __init__(self, name: _Optional[str] = ..., offset: _Optional[int] = ..., length: _Optional[int] = ...) -> None: ...

class GetObjectReply(_message.Message):
    __slots__ = ("size", "offset", "length")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    size: int
    offset: int
    length: int
    def __init__(self, size: _Optional[int] = ..., offset: _Optional[int] = ..., length: _Optional[int] = ...) -> None: ...

class ListObjectsRequest(_message.Message):
    __slots__ = ("prefix", "after", "limit")
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    prefix: str
    after: str
    limit: int
    def __init__(self, prefix: _Optional[str] = ..., after: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ListObjectsReply(_message.Message):
    __slots__ = ("objects", "more")
    OBJECTS_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    objects: _containers.RepeatedCompositeFieldContainer[ObjectEntry]
    more: bool
    def __init__(self, objects: _Optional[_Iterable[_Union[ObjectEntry, _Mapping]]] = ..., more: bool = ...) -> None: ...

class ObjectEntry(_message.Message):
    __slots__ = ("name", "size")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    name: str
    size: int
    def __init__(self, name: _Optional[str] = ..., size: _Optional[int] = ...) -> None: ...

class VerifyRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class VerifyReply(_message.Message):
    __slots__ = ("clean", "checked", "problems", "figures")
    CLEAN_FIELD_NUMBER: _ClassVar[int]
    CHECKED_FIELD_NUMBER: _ClassVar[int]
    PROBLEMS_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    clean: bool
    checked: int
    problems: _containers.RepeatedScalarFieldContainer[str]
    figures: _containers.RepeatedCompositeFieldContainer[Figure]
    def __init__(self, clean: bool = ..., checked: _Optional[int] = ..., problems: _Optional[_Iterable[str]] = ..., figures: _Optional[_Iterable[_Union[Figure, _Mapping]]] = ...) -> None: ...

class SearchRequest(_message.Message):
    __slots__ = ("query", "limit", "offset", "facets", "facet_limit", "sort", "snippets", "cursor", "thorough", "languages", "every_version")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    FACETS_FIELD_NUMBER: _ClassVar[int]
    FACET_LIMIT_FIELD_NUMBER: _ClassVar[int]
    SORT_FIELD_NUMBER: _ClassVar[int]
    SNIPPETS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    THOROUGH_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    EVERY_VERSION_FIELD_NUMBER: _ClassVar[int]
    query: str
    limit: int
    offset: int
    facets: _containers.RepeatedScalarFieldContainer[str]
    facet_limit: int
    sort: str
    snippets: int
    cursor: bytes
    thorough: bool
    languages: _containers.RepeatedScalarFieldContainer[str]
    every_version: bool
    def __init__(self, query: _Optional[str] = ..., limit: _Optional[int] = ..., offset: _Optional[int] = ..., facets: _Optional[_Iterable[str]] = ..., facet_limit: _Optional[int] = ..., sort: _Optional[str] = ..., snippets: _Optional[int] = ..., cursor: _Optional[bytes] = ..., thorough: bool = ..., languages: _Optional[_Iterable[str]] = ..., every_version: bool = ...) -> None: ...

class SearchReply(_message.Message):
    __slots__ = ("total", "hits", "facets", "generation", "server_microseconds", "next_cursor")
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    HITS_FIELD_NUMBER: _ClassVar[int]
    FACETS_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    SERVER_MICROSECONDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    total: int
    hits: _containers.RepeatedCompositeFieldContainer[Hit]
    facets: _containers.RepeatedCompositeFieldContainer[Facet]
    generation: int
    server_microseconds: int
    next_cursor: bytes
    def __init__(self, total: _Optional[int] = ..., hits: _Optional[_Iterable[_Union[Hit, _Mapping]]] = ..., facets: _Optional[_Iterable[_Union[Facet, _Mapping]]] = ..., generation: _Optional[int] = ..., server_microseconds: _Optional[int] = ..., next_cursor: _Optional[bytes] = ...) -> None: ...

class Hit(_message.Message):
    __slots__ = ("document_id", "score", "symbols", "title", "kind", "date", "sender", "organs", "snippets", "language", "versions")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ORGANS_FIELD_NUMBER: _ClassVar[int]
    SNIPPETS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    document_id: bytes
    score: float
    symbols: _containers.RepeatedScalarFieldContainer[str]
    title: str
    kind: str
    date: str
    sender: str
    organs: _containers.RepeatedScalarFieldContainer[str]
    snippets: _containers.RepeatedCompositeFieldContainer[Snippet]
    language: str
    versions: _containers.RepeatedCompositeFieldContainer[HitVersion]
    def __init__(self, document_id: _Optional[bytes] = ..., score: _Optional[float] = ..., symbols: _Optional[_Iterable[str]] = ..., title: _Optional[str] = ..., kind: _Optional[str] = ..., date: _Optional[str] = ..., sender: _Optional[str] = ..., organs: _Optional[_Iterable[str]] = ..., snippets: _Optional[_Iterable[_Union[Snippet, _Mapping]]] = ..., language: _Optional[str] = ..., versions: _Optional[_Iterable[_Union[HitVersion, _Mapping]]] = ...) -> None: ...

class HitVersion(_message.Message):
    __slots__ = ("document_id", "symbols", "language", "date")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    document_id: bytes
    symbols: _containers.RepeatedScalarFieldContainer[str]
    language: str
    date: str
    def __init__(self, document_id: _Optional[bytes] = ..., symbols: _Optional[_Iterable[str]] = ..., language: _Optional[str] = ..., date: _Optional[str] = ...) -> None: ...

class Snippet(_message.Message):
    __slots__ = ("paragraph", "label", "attribution", "text", "highlights", "page", "title", "item")
    PARAGRAPH_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHTS_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    paragraph: int
    label: str
    attribution: str
    text: str
    highlights: _containers.RepeatedCompositeFieldContainer[Highlight]
    page: int
    title: int
    item: int
    def __init__(self, paragraph: _Optional[int] = ..., label: _Optional[str] = ..., attribution: _Optional[str] = ..., text: _Optional[str] = ..., highlights: _Optional[_Iterable[_Union[Highlight, _Mapping]]] = ..., page: _Optional[int] = ..., title: _Optional[int] = ..., item: _Optional[int] = ...) -> None: ...

class Highlight(_message.Message):
    __slots__ = ("start", "length")
    START_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    start: int
    length: int
    def __init__(self, start: _Optional[int] = ..., length: _Optional[int] = ...) -> None: ...

class Facet(_message.Message):
    __slots__ = ("field", "values")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    field: str
    values: _containers.RepeatedCompositeFieldContainer[FacetValue]
    def __init__(self, field: _Optional[str] = ..., values: _Optional[_Iterable[_Union[FacetValue, _Mapping]]] = ...) -> None: ...

class FacetValue(_message.Message):
    __slots__ = ("value", "count")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    value: str
    count: int
    def __init__(self, value: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class GetRequest(_message.Message):
    __slots__ = ("symbol", "document_id", "languages")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    document_id: bytes
    languages: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, symbol: _Optional[str] = ..., document_id: _Optional[bytes] = ..., languages: _Optional[_Iterable[str]] = ...) -> None: ...

class GetReply(_message.Message):
    __slots__ = ("size", "generation")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    size: int
    generation: int
    def __init__(self, size: _Optional[int] = ..., generation: _Optional[int] = ...) -> None: ...

class SuggestRequest(_message.Message):
    __slots__ = ("field", "prefix", "limit")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    field: str
    prefix: str
    limit: int
    def __init__(self, field: _Optional[str] = ..., prefix: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class SuggestReply(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedCompositeFieldContainer[FacetValue]
    def __init__(self, values: _Optional[_Iterable[_Union[FacetValue, _Mapping]]] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ("query", "symbol", "document_id")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    query: str
    symbol: str
    document_id: bytes
    def __init__(self, query: _Optional[str] = ..., symbol: _Optional[str] = ..., document_id: _Optional[bytes] = ...) -> None: ...

class ExplainReply(_message.Message):
    __slots__ = ("found", "score", "steps", "generation", "document_id")
    FOUND_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    found: bool
    score: float
    steps: _containers.RepeatedCompositeFieldContainer[ExplainStep]
    generation: int
    document_id: bytes
    def __init__(self, found: bool = ..., score: _Optional[float] = ..., steps: _Optional[_Iterable[_Union[ExplainStep, _Mapping]]] = ..., generation: _Optional[int] = ..., document_id: _Optional[bytes] = ...) -> None: ...

class ExplainStep(_message.Message):
    __slots__ = ("level", "description", "value")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    level: int
    description: str
    value: float
    def __init__(self, level: _Optional[int] = ..., description: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
