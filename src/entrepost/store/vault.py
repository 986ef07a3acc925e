"""The keys of accounts: made when first needed, remembered for as long as the store is open, and changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from entrepost.base.errors import StoreError
from entrepost.store.rows import Rows
from entrepost.store.schema import TENANT_KEYS
from entrepost.store.seal import SEALED, DataKey, MasterSource, new_key

PSEUDONYM = 0
"""The number of the key that makes pseudonyms; it never changes, so that what belongs together stays so."""


class Vault:
    """Seals texts of an account and opens them, through the rows of a store.

    The caller holds a transaction where something is sealed: an account's first key is made in it.
    """

    def __init__(self, rows: Callable[[], Rows], masters: MasterSource) -> None:
        self._rows = rows
        self._masters = masters
        self._keys: dict[tuple[str, int], DataKey] = {}

    def forget(self) -> None:
        """Remember no key: a transaction that may have made one was undone."""
        self._keys.clear()

    def seal(self, tenant: str, texts: Sequence[str], places: Sequence[str]) -> list[str]:
        """Texts of an account as they are kept, each bound to its place; an empty one stays empty."""
        if not any(texts):
            return list(texts)
        key = self._get(tenant, self._current(tenant), make=True)
        return [key.seal(text, f"{tenant} {place}") if text else "" for text, place in zip(texts, places, strict=True)]

    def open(self, tenant: str, texts: Sequence[str], places: Sequence[str]) -> list[str]:
        """Texts that were sealed; one that never was stands as it is."""
        return [self._open(tenant, text, place) for text, place in zip(texts, places, strict=True)]

    def pseudonyms(self, tenant: str, texts: Sequence[str]) -> list[str]:
        """What stands for each text; an empty one stays empty."""
        if not any(texts):
            return list(texts)
        key = self._get(tenant, PSEUDONYM, make=True)
        return [key.pseudonym(text) if text else "" for text in texts]

    def is_current(self, tenant: str, text: str) -> bool:
        """Whether a text is sealed by the account's latest key."""
        found = SEALED.fullmatch(text)
        return found is not None and int(found[1]) == self._current(tenant)

    def turn_key(self, tenant: str) -> int:
        """Make a new key for what is sealed from now on; its number. The old ones stay, to open what they sealed."""
        self._hold(tenant)
        number = self._last(tenant) + 1
        self._make(tenant, number)
        return number

    def wrap_anew(self) -> int:
        """Wrap all keys by the first master key; how many were wrapped by another one."""
        masters = self._masters()
        stored = self._select("TRUE", [])
        old = stored.filter(~pl.col("wrapped").str.starts_with(f"{masters.current}."))
        wrapped = [
            masters.wrap(masters.unwrap(row["wrapped"], place), place)
            for row in old.iter_rows(named=True)
            for place in [_place(row["tenant"], row["key_no"])]
        ]
        self._rows().update(TENANT_KEYS, old.with_columns(wrapped=pl.Series(wrapped, dtype=pl.String)))
        return old.height

    def _open(self, tenant: str, text: str, place: str) -> str:
        found = SEALED.fullmatch(text)
        return self._get(tenant, int(found[1])).open(found[2], f"{tenant} {place}") if found else text

    def _current(self, tenant: str) -> int:
        return self._last(tenant) or 1

    def _last(self, tenant: str) -> int:
        row = self._rows().find_row("SELECT max(key_no) FROM tenant_keys WHERE tenant = ?", [tenant])
        return int(row[0]) if row and row[0] is not None else 0

    def _get(self, tenant: str, number: int, make: bool = False) -> DataKey:
        if (tenant, number) not in self._keys:
            found = self._find(tenant, number)
            if found is None and make:
                self._hold(tenant)
                found = self._find(tenant, number) or self._make(tenant, number)
            if found is None:
                raise StoreError(f"the key {number} of account {tenant} is gone: what it sealed cannot be read")
            self._keys[tenant, number] = found
        return self._keys[tenant, number]

    def _find(self, tenant: str, number: int) -> DataKey | None:
        found = self._select("t.tenant = ? AND t.key_no = ?", [tenant, number])
        if not found.height:
            return None
        return DataKey(number, self._masters().unwrap(found.item(0, "wrapped"), _place(tenant, number)))

    def _make(self, tenant: str, number: int) -> DataKey:
        key = new_key()
        row = {"tenant": tenant, "key_no": number, "wrapped": self._masters().wrap(key, _place(tenant, number))}
        self._rows().insert(TENANT_KEYS, pl.DataFrame([row]))
        return DataKey(number, key)

    def _select(self, where: str, values: list[object]) -> pl.DataFrame:
        names = {"tenant": pl.String(), "key_no": pl.Int64(), "wrapped": pl.String()}
        sql = f"SELECT t.tenant, t.key_no, t.wrapped FROM tenant_keys t WHERE {where} ORDER BY 1, 2"
        return self._rows().select(sql, values, names)

    def _hold(self, tenant: str) -> None:
        self._rows().hold([f"keys of {tenant}"])


def _place(tenant: str, number: int) -> str:
    return f"key {number} of account {tenant}"
