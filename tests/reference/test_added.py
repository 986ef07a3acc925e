"""What a user adds is kept in a folder of the user's own, a file for each addition."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.reference.added import folder_of, keep, list_added


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path))
    return tmp_path


def test_where_nothing_was_added_nothing_is_listed_or_made(own: Path) -> None:
    assert list_added("fx") == []
    assert not folder_of("fx").exists()


def test_additions_are_listed_in_their_order(own: Path) -> None:
    kept = [keep("fx", text) for text in ("b", "a", "c")]
    assert list_added("fx") == kept
    assert [path.read_text() for path in list_added("fx")] == ["b", "a", "c"]
    assert list_added("tariff") == []


def test_the_same_text_again_is_one_file_and_the_newest(own: Path) -> None:
    for text in ("a", "b", "a"):
        keep("fx", text)
    assert [path.read_text() for path in list_added("fx")] == ["b", "a"]


def test_without_a_named_folder_it_is_among_the_users_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENTREPOST_REFERENCE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert folder_of("fx") == tmp_path / "entrepost" / "reference" / "fx"
