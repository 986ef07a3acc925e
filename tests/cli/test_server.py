"""The app of a server's process has the API and the pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from entrepost.api.serve import SETTINGS
from entrepost.cli.server import LOOKED_UP, app_of_settings


def test_a_server_answers_programs_and_recipients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "store": str(tmp_path / "shop.db"),
        "account": "north",
        "frames": "https://shop.example",
        "is_warmed": False,
    }
    monkeypatch.setenv(SETTINGS, json.dumps(settings))
    with TestClient(app_of_settings()) as client:
        assert client.get("/health/ready").json()["status"] == "ok"
        page = client.get("/track", params={"numbers": "LX000000005CN"})
        assert "Nothing known yet" in page.text
        assert page.headers["content-security-policy"].endswith("frame-ancestors https://shop.example")
        assert page.headers["cache-control"] == "no-store"
        assert "/track" not in client.get("/v1/openapi.json").json()["paths"]
        asked = [client.get("/track", params={"numbers": "\n".join(f"X{n}" for n in range(40))}) for _ in range(4)]
        assert [answer.status_code for answer in asked][-1] == 429
    assert LOOKED_UP.burst == 120
