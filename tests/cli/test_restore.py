"""entrepost restore: a store as it was, where none is yet."""

from __future__ import annotations

from pathlib import Path

from tests.cli.shell import entrepost
from tests.operations.shop import two_items


def test_a_copy_takes_no_stores_place(tmp_path: Path) -> None:
    two_items(tmp_path).close()
    copy, again = tmp_path / "copy.db", tmp_path / "again.db"
    entrepost("backup", copy, "--store", tmp_path / "shop.db")
    told = entrepost("restore", copy, "--store", again, "--json")
    assert (told.code, told.facts["rows"]["orders"]) == (0, 2)
    refused = entrepost("restore", copy, "--store", again)
    assert (refused.code, "is there already" in refused.err) == (1, True)
