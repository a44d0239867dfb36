"""Where the services are and who the client is."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STANDARD_FILE = "run/client.json"
_known = ("ingest", "index", "query", "certificate", "key", "ca", "crl", "cluster")


class SettingsError(ValueError):
    """The settings are missing or wrong; the message says which, from where, and what is allowed."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host and a TCP port."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """Reads ``HOST:PORT``, or ``[ADDRESS]:PORT`` for IPv6. Raises ValueError."""
        host, colon, port = text.rpartition(":")
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        elif ":" in host:
            host = ""
        if not host or not colon or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"{text!r} is not HOST:PORT")
        return cls(host, int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the services are and who the client is. ``certificate``, ``key``, ``ca`` and ``crl`` are PEM files."""

    certificate: str
    key: str
    ca: str
    crl: str = ""
    cluster: str = ""
    ingest: tuple[Endpoint, ...] = ()
    index: tuple[Endpoint, ...] = ()
    query: tuple[Endpoint, ...] = ()

    @classmethod
    def load(cls, file: str | os.PathLike[str] | None = None, *, environment: Mapping[str, str] = os.environ, **given: str) -> Settings:
        """The settings as the ``chancery`` command finds them. Raises SettingsError.

        ``given`` goes before the environment (``CHANCERY_INGEST`` …), this before the file: ``file``, else ``CHANCERY_CONFIG``, else
        ``run/client.json`` if it is there.
        """
        path = file or environment.get("CHANCERY_CONFIG") or (STANDARD_FILE if Path(STANDARD_FILE).exists() else None)
        inside = _read(path) if path else {}
        if unknown := (set(inside) | set(given)) - set(_known):
            raise SettingsError(f"unknown setting {sorted(unknown)[0]}: there are {', '.join(_known)}")
        values = {key: given.get(key) or environment.get(f"CHANCERY_{key.upper()}") or inside.get(key, "") for key in _known}
        settings = cls(
            certificate=_text("certificate", values),
            key=_text("key", values),
            ca=_text("ca", values),
            crl=_text("crl", values),
            cluster=_text("cluster", values),
            ingest=_endpoints("ingest", values),
            index=_endpoints("index", values),
            query=_endpoints("query", values),
        )
        if not (settings.ingest or settings.index or settings.query):
            raise SettingsError(f"no service is known: be where {STANDARD_FILE} is, set CHANCERY_CONFIG, or give ingest, index or query")
        for key in ("certificate", "key", "ca"):
            if not getattr(settings, key):
                raise SettingsError(f"{key} is missing: it names a PEM file")
        return settings


def _read(path: str | os.PathLike[str]) -> dict[str, object]:
    try:
        value = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{os.fspath(path)} cannot be read: {error}") from None
    if not isinstance(value, dict):
        raise SettingsError(f"{os.fspath(path)} must hold one JSON object")
    return value


def _endpoints(key: str, values: Mapping[str, object]) -> tuple[Endpoint, ...]:
    value = values[key]
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise SettingsError(f"{key} must be addresses, with commas or as a list")
    try:
        return tuple(Endpoint.parse(part.strip()) for part in parts if part.strip())
    except ValueError as error:
        raise SettingsError(f"{key}: {error}") from None


def _text(key: str, values: Mapping[str, object]) -> str:
    value = values[key]
    if not isinstance(value, str):
        raise SettingsError(f"{key} must be a text")
    return value
