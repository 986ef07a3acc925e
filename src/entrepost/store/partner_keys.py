"""Keys of partners in the database, their secrets sealed."""

from __future__ import annotations

from dataclasses import astuple, fields, replace
from typing import Any

import polars as pl

from entrepost.base.clock import from_micros, to_micros
from entrepost.operations.partner_key_store import PartnerKey
from entrepost.store.access import Access
from entrepost.store.rows import quoted
from entrepost.store.schema import PARTNER_KEYS

NAMES = tuple(each.name for each in fields(PartnerKey))
INSTANTS = ("created_at", "until")
TYPES: dict[str, pl.DataType] = {name: pl.Int64() if name in INSTANTS else pl.String() for name in NAMES}


class SqlPartnerKeys:
    """`PartnerKeyStore` in either database."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def put(self, key: PartnerKey) -> None:
        """Keep a key, its secret sealed."""
        with self._access.transaction():
            (sealed,) = self._access.vault.seal(key.tenant, [key.secret], [_place(key.key)])
            cells = [
                to_micros(cell) if hasattr(cell, "tzinfo") else cell for cell in astuple(replace(key, secret=sealed))
            ]
            self._access.rows().put(PARTNER_KEYS, pl.DataFrame([cells], schema=TYPES, orient="row"))

    def find(self, tenant: str, key: str) -> PartnerKey | None:
        """A key of an account, or None."""
        found = self._list("tenant = ? AND key = ?", [tenant, key])
        return found[0] if found else None

    def list_all(self, tenant: str) -> list[PartnerKey]:
        """The keys of an account, the oldest first."""
        return self._list("tenant = ?", [tenant])

    def _list(self, where: str, values: list[str]) -> list[PartnerKey]:
        sql = f"SELECT {quoted(NAMES)} FROM partner_keys WHERE {where} ORDER BY created_at, key"
        with self._access.reading():
            rows = self._access.rows().select(sql, values, TYPES).to_dicts()
            return [self._open(row) for row in rows]

    def _open(self, row: dict[str, Any]) -> PartnerKey:
        (secret,) = self._access.vault.open(row["tenant"], [row["secret"]], [_place(row["key"])])
        instants = {name: None if row[name] is None else from_micros(row[name]) for name in INSTANTS}
        return PartnerKey(**row | instants | {"secret": secret})


def _place(key: str) -> str:
    return f"secret of partner key {key}"
