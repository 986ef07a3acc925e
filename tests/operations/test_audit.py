"""What was done is written down with what was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.operations.audit import list_entries, write_down
from tests.operations.office import wait
from tests.operations.shop import store_in


def test_entries_come_the_latest_first_in_pages_of_their_account(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for minute, action in enumerate(("a", "b", "c")):
        wait(store, minutes=minute)
        write_down(store, "main", "anna", action, "x")
    write_down(store, "other", "bo", "d", "x")
    page = list_entries(store, "main", limit=2)
    assert [entry.action for entry in page] == ["c", "b"]
    assert [entry.action for entry in list_entries(store, "main", page[-1].entry)] == ["a"]


def test_what_was_undone_is_not_written_down(tmp_path: Path) -> None:
    store = store_in(tmp_path)

    def fail() -> None:
        with store.transaction():
            write_down(store, "main", "anna", "a", "x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list_entries(store, "main") == []
