"""Columns that are sealed: each cell bound to its row, what is empty left empty, and what is old still read."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import StoreError
from entrepost.store.seals import open_contacts, open_findings, seal_contacts, seal_findings
from entrepost.store.sqlite import SqliteStore

CONTACTS = pl.DataFrame(
    {"tenant": ["b", "a", "b"], "seller": ["s"] * 3, "order_id": ["1", "2", "3"], "email": ["x@b.org", "y@a.org", ""]}
)


def test_contacts_of_several_accounts_are_sealed_and_opened(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "shop.db")
    with store.transaction():
        sealed = seal_contacts(store.vault, CONTACTS)
    assert not any("@" in text for text in sealed["email"])
    assert sealed["email"].to_list()[2] == ""
    assert open_contacts(store.vault, sealed).equals(CONTACTS)
    assert open_contacts(store.vault, CONTACTS).equals(CONTACTS)
    with pytest.raises(StoreError, match="belongs elsewhere"):
        open_contacts(store.vault, sealed.with_columns(order_id=pl.lit("9")))


def test_rejected_rows_are_sealed_and_opened(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "shop.db")
    texts = {name: [name] * 2 for name in ("tenant", "intake", "subject", "code", "field")}
    findings = pl.DataFrame(texts | {"row": [1, 2], "raw": ['{"name":"Anna"}', ""]})
    with store.transaction():
        sealed = seal_findings(store.vault, findings)
    assert "Anna" not in sealed.item(0, "raw")
    assert open_findings(store.vault, sealed).equals(findings)
