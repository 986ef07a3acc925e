"""Columns of other tables that are sealed: addresses of contacts, and the rejected rows of findings."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from entrepost.store.vault import Vault

RAW, EMAIL = "raw", "email"


def seal_contacts(vault: Vault, contacts: pl.DataFrame) -> pl.DataFrame:
    """Contacts with their addresses sealed."""
    return _changed(vault, contacts, EMAIL, sealing=True)


def open_contacts(vault: Vault, contacts: pl.DataFrame) -> pl.DataFrame:
    """Contacts with their addresses."""
    return _changed(vault, contacts, EMAIL, sealing=False)


def seal_findings(vault: Vault, findings: pl.DataFrame) -> pl.DataFrame:
    """Findings with their rejected rows sealed."""
    return _changed(vault, findings, RAW, sealing=True)


def open_findings(vault: Vault, findings: pl.DataFrame) -> pl.DataFrame:
    """Findings with their rejected rows."""
    return _changed(vault, findings, RAW, sealing=False)


def place_of_contact(seller: str, order_id: str) -> str:
    """Where the address of an order's contact belongs."""
    return json.dumps(["contact", seller, order_id])


def place_of_raw(row: dict[str, Any]) -> str:
    """Where the rejected row of a finding belongs."""
    return json.dumps(["finding", row["intake"], row["subject"], row["row"], row["code"], row["field"]])


def _changed(vault: Vault, rows: pl.DataFrame, column: str, sealing: bool) -> pl.DataFrame:
    if not rows.filter(pl.col(column) != "").height:
        return rows
    cells = rows.get_column(column).to_list()
    for (tenant,), part in (
        rows.with_row_index("#").filter(pl.col(column) != "").group_by("tenant", maintain_order=True)
    ):
        places = [_place(row, column) for row in part.to_dicts()]
        change = vault.seal if sealing else vault.open
        made = change(str(tenant), part.get_column(column).to_list(), places)
        for at, text in zip(part.get_column("#").to_list(), made, strict=True):
            cells[at] = text
    return rows.with_columns(pl.Series(column, cells, dtype=pl.String))


def _place(row: dict[str, Any], column: str) -> str:
    return place_of_raw(row) if column == RAW else place_of_contact(row["seller"], row["order_id"])
