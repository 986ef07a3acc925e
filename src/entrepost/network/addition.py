"""What one network has beyond another: rows that are new or say something else, kept as text and put onto a network."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from entrepost.base.errors import MisuseError, NetworkError
from entrepost.base.findings import Finding
from entrepost.base.schema import get_schema
from entrepost.network.feed import TABLES
from entrepost.network.network import Network
from entrepost.network.table import read_table, write_table


@dataclass(frozen=True, slots=True)
class Addition:
    """Rows by table: each takes the place of the row that has its key, or stands behind the others."""

    name: str
    tables: Mapping[str, tuple[Any, ...]]

    @property
    def opened(self) -> tuple[str, ...]:
        """The warehouses among its rows that are open."""
        return tuple(row.warehouse for row in self.tables.get("warehouses", ()) if row.open)

    def put_on(self, network: Network) -> Network:
        """The network with these rows, under their name."""
        changed: dict[str, Any] = {
            table: tuple((_by_key(table, getattr(network, table)) | _by_key(table, rows)).values())
            for table, rows in self.tables.items()
        }
        return replace(network, **changed, name=self.name)

    def to_texts(self) -> dict[str, str]:
        """Its tables as the CSV files of a network folder, by the name of each."""
        texts = {}
        with tempfile.TemporaryDirectory(prefix="entrepost-rows-") as folder:
            for table, rows in self.tables.items():
                path = Path(folder) / f"{table}.csv"
                write_table(path, rows)
                texts[path.name] = path.read_text(encoding="utf-8")
        return texts


def find_addition(old: Network, new: Network) -> Addition:
    """What a network has beyond another; rows that it lacks are not told."""
    tables = {}
    for table in TABLES:
        before = _by_key(table, getattr(old, table))
        rows = tuple(row for key, row in _by_key(table, getattr(new, table)).items() if before.get(key) != row)
        if rows:
            tables[table] = rows
    return Addition(new.name, tables)


def read_addition(name: str, texts: Mapping[str, str]) -> Addition:
    """The addition that `to_texts` told; raises `NetworkError` where a row is wrong."""
    findings: list[Finding] = []
    tables = {}
    with tempfile.TemporaryDirectory(prefix="entrepost-rows-") as folder:
        for file, text in texts.items():
            table = file.removesuffix(".csv")
            if table not in TABLES:
                raise MisuseError(f"a network has no table {table!r}; it has {', '.join(TABLES)}")
            path = Path(folder) / f"{table}.csv"
            path.write_text(text, encoding="utf-8", newline="")
            tables[table], _ = read_table(path, TABLES[table], findings)
    if findings:
        raise NetworkError(f"the rows of {name} have errors: {findings[0]}", tuple(findings))
    return Addition(name, tables)


def _by_key(table: str, rows: Iterable[Any]) -> dict[tuple[Any, ...], Any]:
    keys = get_schema(table).key
    return {tuple(getattr(row, name) for name in keys): row for row in rows}
