"""Settings are found as the ``chancery`` command finds them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chancery import Endpoint, Settings, SettingsError

complete = {
    "ingest": ["127.0.0.1:7410"],
    "index": ["127.0.0.1:7420"],
    "query": ["127.0.0.1:7430", "[::1]:7431"],
    "certificate": "operator.pem",
    "key": "operator.key",
    "ca": "ca.pem",
    "cluster": "chancery",
}


def write(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
    return path


def test_the_file_that_up_writes_is_read_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "run/client.json", complete)
    monkeypatch.chdir(tmp_path)
    settings = Settings.load(environment={})
    assert settings.query == (Endpoint("127.0.0.1", 7430), Endpoint("::1", 7431))
    assert (settings.certificate, settings.key, settings.ca, settings.cluster) == ("operator.pem", "operator.key", "ca.pem", "chancery")


def test_what_is_given_goes_before_the_environment_and_this_before_the_file(tmp_path: Path) -> None:
    file = write(tmp_path / "c.json", complete)
    environment = {"CHANCERY_CONFIG": str(file), "CHANCERY_CLUSTER": "e", "CHANCERY_QUERY": "q:1, q:2"}
    settings = Settings.load(environment=environment, cluster="g")
    assert settings.cluster == "g"
    assert settings.query == (Endpoint("q", 1), Endpoint("q", 2))
    assert settings.ingest == (Endpoint("127.0.0.1", 7410),)
    other = write(tmp_path / "d.json", complete | {"cluster": "d"})
    assert Settings.load(other, environment={"CHANCERY_CONFIG": str(file)}).cluster == "d"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"qurey": "x:1"}, "qurey"),
        ({"query": "nonsense"}, "query"),
        ({"query": ":7430"}, "query"),
        ({"query": "host:99999"}, "query"),
        ({"query": "::1:7430"}, "query"),
        ({"query": [7430]}, "query"),
        ({"query": "", "ingest": [], "index": []}, "no service"),
        ({"key": ""}, "key"),
        ({"ca": 5}, "ca"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], says: str, tmp_path: Path) -> None:
    file = write(tmp_path / "c.json", complete | change)
    with pytest.raises(SettingsError, match=says):
        Settings.load(file, environment={})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("{")
    for name in ("c.json", "none.json"):
        with pytest.raises(SettingsError, match=name):
            Settings.load(tmp_path / name, environment={})


def test_without_any_settings_it_is_said_where_they_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"run/client\.json"):
        Settings.load(environment={})
