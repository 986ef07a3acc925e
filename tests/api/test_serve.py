"""A server as a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from entrepost.api.serve import SETTINGS, ServeParams, app_of_settings, open_house
from entrepost.base.errors import MisuseError
from entrepost.operations.webhooks_endpoints import add_endpoint, try_endpoint
from entrepost.wiring import open_store
from tests.exchange.receiver import LOCAL, Receiver, serve


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def test_a_sqlite_file_is_served_by_one_process() -> None:
    with pytest.raises(MisuseError, match="one process"):
        ServeParams("shop.db", workers=2)
    assert ServeParams("postgresql://host/shop", workers=2).workers == 2


def test_uploads_lie_beside_the_file_unless_told_otherwise(tmp_path: Path) -> None:
    for uploads, folder in (("", tmp_path / "shop.db-uploads"), (str(tmp_path / "u"), tmp_path / "u")):
        house = open_house(ServeParams(str(tmp_path / "shop.db"), uploads=uploads))
        house.store.close()
        assert house.uploads == folder


def test_an_app_is_made_of_what_the_environment_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTINGS, json.dumps({"store": str(tmp_path / "shop.db"), "is_secure": False}))
    house = app_of_settings().state.house
    house.store.close()
    assert house.params.is_secure is False


def test_serve_answers_delivers_and_stops_when_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOST_WEBHOOK_HTTP", "yes")
    monkeypatch.setenv("ENTREPOST_WEBHOOK_NETWORKS", LOCAL)
    port, receiver = free_port(), serve(Receiver())
    store = open_store(str(tmp_path / "shop.db"))
    tried = try_endpoint(store, "main", add_endpoint(store, "main", receiver.url).endpoint)
    store.close()
    code = "from entrepost.cli import main; main()"
    arguments = ["serve", "--store", str(tmp_path / "shop.db"), "--port", str(port), "--cold"]
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stderr=subprocess.PIPE) as process:
        assert get(port, "/health/ready") == {"status": "ok", "notices": []}
        deadline = time.monotonic() + 30
        while not receiver.names() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.terminate()
        assert process.wait(30) in (0, -15)
        told = process.stderr.read().decode() if process.stderr else ""
    receiver.close()
    assert receiver.names() == [tried]
    assert '"route": "/health/ready", "status": 200' in told
    assert '"chore": "forgetting"' in told


def get(port: int, path: str) -> object:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return json.loads(answer.read())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("no server")
