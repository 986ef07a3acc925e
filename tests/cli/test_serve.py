from __future__ import annotations

from pathlib import Path

from tests.cli.shell import entrepost


def test_check_says_what_would_be_served(tmp_path: Path) -> None:
    answer = entrepost("serve", "--check", "--port", "8123", folder=tmp_path)
    assert answer.code == 0, answer.err
    assert answer.out.startswith("API http://127.0.0.1:8123/v1")
    assert (tmp_path / "entrepost.db").exists()


def test_more_processes_need_postgresql(tmp_path: Path) -> None:
    answer = entrepost("serve", "--check", "--workers", "2", folder=tmp_path)
    assert answer.code == 1
    assert "PostgreSQL" in answer.err
