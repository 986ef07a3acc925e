"""A test that misses its server says so, and never passes for one that ran."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import find_server


def test_a_program_on_the_path_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Path(sys.executable)
    monkeypatch.setenv("PATH", str(program.parent))
    assert find_server(program.name) == program


def test_a_missing_server_skips_the_test_on_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENTREPOST_REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="horse-post is not installed"):
        find_server("horse-post")


def test_a_missing_server_fails_the_test_where_all_must_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOST_REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match="horse-post is not installed"):
        find_server("horse-post")
