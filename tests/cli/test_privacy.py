"""entrepost privacy: what is old is forgotten, and a person gets the data or has them erased."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepost.store.seal import read_keys
from entrepost.wiring import open_store
from tests.cli.shell import Answer, entrepost
from tests.operations.post import ANNA, with_contacts
from tests.operations.shop import two_items


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with two orders of January 2026 and their contacts."""
    with_contacts(two_items(tmp_path, open_store(tmp_path / "entrepost.db"))).close()
    return tmp_path


def privacy(folder: Path, *words: str) -> Answer:
    return entrepost("privacy", *words, folder=folder)


def test_a_person_gets_the_data_and_has_them_erased(folder: Path) -> None:
    assert privacy(folder, "export", "--email", ANNA, "--out", "anna.json").code == 0
    written = json.loads((folder / "anna.json").read_text(encoding="utf-8"))
    assert written["contacts"][0]["email"] == ANNA
    assert (folder / "anna.json").stat().st_mode & 0o077 == 0
    erased = privacy(folder, "erase", "--order", "shop/o1", "--asked-by", "clerk 7")
    assert erased.out == "erased from 1 orders\n"
    assert "nothing is kept" in privacy(folder, "export", "--email", ANNA, "--out", "anna.json").err


def test_what_is_old_is_forgotten(folder: Path) -> None:
    assert privacy(folder, "forget", "--days", "0", "--open-days", "0", "--json").facts == {"orders": 2, "rows": 0}


def test_keys_are_made_turned_and_wrapped(folder: Path) -> None:
    assert len(read_keys(privacy(folder, "new-key").out).keys) == 1
    assert privacy(folder, "turn-keys").out == "2 texts sealed anew\n"
    assert privacy(folder, "wrap-keys").out == "0 keys wrapped anew\n"


def test_an_order_is_written_with_its_seller(folder: Path) -> None:
    assert "write it as SELLER/ORDER" in privacy(folder, "erase", "--order", "o1").err
    assert "one of them" in privacy(folder, "erase").err
