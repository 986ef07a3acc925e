"""entrepost backup: a copy beside, never over anything."""

from __future__ import annotations

from pathlib import Path

from tests.cli.shell import entrepost
from tests.operations.shop import two_items


def test_a_store_is_copied_and_put_back(tmp_path: Path) -> None:
    two_items(tmp_path).close()
    copy, again = tmp_path / "copy.db", tmp_path / "again.db"
    done = entrepost("backup", copy, "--store", tmp_path / "shop.db")
    assert (done.code, done.out.startswith(f"{copy}: ")) == (0, True)
    assert "master key is not in it" in done.out
    assert entrepost("backup", copy, "--store", tmp_path / "shop.db").code == 1
    assert entrepost("restore", copy, "--store", again).code == 0
