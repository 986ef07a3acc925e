"""entrepost exchange: keys of partners from one post to the other."""

from __future__ import annotations

from pathlib import Path

from tests.cli.shell import Answer, entrepost


def exchange(folder: Path, *words: str) -> Answer:
    folder.mkdir(exist_ok=True)
    return entrepost("exchange", *words, folder=folder)


def test_a_key_is_made_here_taken_there_listed_and_ended(tmp_path: Path) -> None:
    made = exchange(tmp_path / "us", "make-key", "US101", "CN101", "--json").facts
    assert made["secret"].startswith("epx.")
    assert "signed by" in exchange(tmp_path / "cn", "take-key", "CN101", "US101", made["secret"]).out
    assert "in   US101 from CN101" in exchange(tmp_path / "us", "keys").out
    assert "out  CN101 to US101" in exchange(tmp_path / "cn", "keys").out
    assert made["secret"] not in exchange(tmp_path / "us", "keys", "--json").out
    assert exchange(tmp_path / "us", "end-key", made["key"]).code == 0
    assert "(over)" in exchange(tmp_path / "us", "keys").out


def test_what_is_no_key_is_not_taken(tmp_path: Path) -> None:
    told = exchange(tmp_path / "cn", "take-key", "CN101", "US101", "secret")
    assert (told.code, "begins with epx." in told.err) == (1, True)
