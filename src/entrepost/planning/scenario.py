"""A scenario: a network plus changes, so that what might be can be compared with what is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from entrepost.base.errors import MisuseError, NetworkError
from entrepost.base.findings import Finding, list_errors
from entrepost.base.schema import Schema, get_schema
from entrepost.network.check import check
from entrepost.network.feed import TABLES
from entrepost.network.network import Network
from entrepost.network.table import format_cell, parse_row
from entrepost.network.warehouse import Stock

if TYPE_CHECKING:
    import polars as pl

Cells = Mapping[str, str]
"""Column and cell, as they would stand in the table's file."""

KEYS = {"table", "where", "set", "add", "remove"}


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one table: rows that agree with `where` are set or removed, or rows are added.

    `where` gives for each column the cells that agree with it; without any column every row agrees.
    """

    table: str
    where: Mapping[str, tuple[str, ...]]
    set: Cells
    add: tuple[Cells, ...]
    remove: bool

    def __post_init__(self) -> None:
        if self.table not in TABLES:
            raise MisuseError(f"there is no table {self.table!r}{_hint(self.table, TABLES)}")
        schema = get_schema(self.table)
        for name in {*self.where, *self.set, *(name for row in self.add for name in row)} - set(schema.names):
            raise MisuseError(f"table {self.table} has no column {name!r}{_hint(name, schema.names)}")
        if bool(self.set) + bool(self.add) + self.remove != 1:
            raise MisuseError(f"a change of {self.table} needs exactly one of set, add and remove = true")
        if self.remove and not self.where:
            raise MisuseError(f"a change that removes rows of {self.table} must say which in where")
        if self.add and self.where:
            raise MisuseError(f"a change that adds rows to {self.table} takes no where")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes with a name, made in order."""

    name: str
    changes: tuple[Change, ...]


def parse_scenario(text: str) -> Scenario:
    """Read a scenario from TOML.

    ::

        name = "a warehouse in Los Angeles, and a second flight"

        [[change]]
        table = "warehouses"
        where = { warehouse = "USLAXW" }
        set = { open = true }

        [[change]]
        table = "stock"
        [[change.add]]
        warehouse = "USLAXW"
        seller = "shop"
        sku = "LAMP"
        quantity = 500

        [[change]]
        table = "departures"
        where = { carrier = ["MU", "CA"], weekday = 3 }
        remove = true

    Cells are written as in the table's file, yes and no as true and false; a list in `where` agrees
    with any of its entries; what an added row leaves out has its default.

    Raises
    ------
    MisuseError
        When it is not such a TOML; the message names the change.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MisuseError(f"the scenario is not TOML: {error}") from None
    unknown = set(content) - {"name", "change"}
    if not isinstance(content.get("name"), str) or unknown:
        what = f"{sorted(unknown)} is not known" if unknown else "its name is missing"
        raise MisuseError(f'a scenario has a name = "..." and tables [[change]], but {what}')
    rows = content.get("change", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise MisuseError("write each change of a scenario under a line [[change]]")
    return Scenario(content["name"], tuple(_parse_change(row, number) for number, row in enumerate(rows, 1)))


def apply(network: Network, scenario: Scenario) -> Network:
    """The network with a scenario's changes made in order; its name tells of both.

    Raises
    ------
    MisuseError
        When a change matches no row, or a cell is not what its column allows.
    NetworkError
        When the changed network has errors that a folder would be refused for.
    """
    changed = network
    for number, change in enumerate(scenario.changes, 1):
        try:
            rows: Any = _changed_rows(getattr(changed, change.table), change)
        except MisuseError as error:
            raise MisuseError(f"change {number} of scenario {scenario.name!r}: {error}") from None
        changed = replace(changed, **{change.table: rows})
    errors = list_errors(check(changed))
    if errors:
        shown = "\n".join(f"  {finding}" for finding in errors[:10])
        raise NetworkError(f"scenario {scenario.name!r} leads to {len(errors)} errors:\n{shown}", tuple(errors))
    return replace(changed, name=f"{network.name}, {scenario.name}")


def open_warehouse(network: Network, warehouse: str, stock: pl.DataFrame) -> Network:
    """The network with a warehouse open and this stock in it.

    Parameters
    ----------
    stock : DataFrame
        Columns seller, sku, quantity (pieces). Rows take the place of what the warehouse held of the
        same seller and sku.
    """
    rows = {row.warehouse: row for row in network.warehouses}
    if warehouse not in rows:
        raise MisuseError(f"network {network.name!r} has no warehouse {warehouse!r}{_hint(warehouse, rows)}")
    held = {(row.warehouse, row.seller, row.sku): row for row in network.stock}
    for seller, sku, quantity in stock.select("seller", "sku", "quantity").iter_rows():
        held[warehouse, seller, sku] = Stock(warehouse, seller, sku, quantity)
    pieces = sum(row.quantity for row in held.values() if row.warehouse == warehouse)
    if pieces > rows[warehouse].capacity_items:
        raise MisuseError(f"{warehouse} holds {rows[warehouse].capacity_items} items, not {pieces}; bring less stock")
    opened = tuple(replace(row, open=row.open or row.warehouse == warehouse) for row in network.warehouses)
    return replace(network, warehouses=opened, stock=tuple(held.values()))


def _parse_change(row: Mapping[str, Any], number: int) -> Change:
    unknown = sorted(set(row) - KEYS)
    if unknown:
        raise MisuseError(f"change {number} has {unknown[0]!r}, which is none of {', '.join(sorted(KEYS))}")
    where, values, added = row.get("where", {}), row.get("set", {}), row.get("add", [])
    if not (isinstance(where, dict) and isinstance(values, dict) and isinstance(added, list)):
        raise MisuseError(f"change {number}: where and set are {{ column = value }}, add is a list of such")
    try:
        return Change(
            table=str(row.get("table", "")),
            where={name: _texts(value) for name, value in where.items()},
            set={name: _text(value) for name, value in values.items()},
            add=tuple({name: _text(value) for name, value in cells.items()} for cells in added),
            remove=row.get("remove", False) is True,
        )
    except MisuseError as error:
        raise MisuseError(f"change {number}: {error}") from None


def _changed_rows(rows: tuple[Any, ...], change: Change) -> tuple[Any, ...]:
    schema = get_schema(change.table)
    if change.add:
        changed = [*rows, *(_build(cells, schema) for cells in change.add)]
    else:
        agreeing = [_agrees(row, change, schema) for row in rows]
        if not any(agreeing):
            raise MisuseError(_no_match(rows, change, schema))
        changed = list(_set_or_removed(zip(rows, agreeing, strict=True), change, schema))
    seen: set[tuple[Any, ...]] = set()
    for row in changed:
        key = tuple(getattr(row, name) for name in schema.key)
        if key in seen:
            shown = ", ".join(map(str, key))
            raise MisuseError(f"{change.table} would hold {shown} twice; to alter what is there use set with where")
        seen.add(key)
    return tuple(changed)


def _set_or_removed(rows: Iterator[tuple[Any, bool]], change: Change, schema: Schema) -> Iterator[Any]:
    for row, agrees in rows:
        if not agrees:
            yield row
        elif not change.remove:
            yield _build({**_cells(row, schema), **change.set}, schema)


def _build(cells: Cells, schema: Schema) -> Any:
    """The noun of a row, checked as a row of a folder is."""
    findings: list[Finding] = []
    values = parse_row(cells, schema, (schema.name, 0), findings)
    if values is None:
        raise MisuseError("; ".join(str(finding) for finding in findings))
    return TABLES[schema.name](**values)


def _cells(row: Any, schema: Schema) -> dict[str, str]:
    return {column.name: format_cell(getattr(row, column.name), column) for column in schema.columns}


def _agrees(row: Any, change: Change, schema: Schema) -> bool:
    for name, texts in change.where.items():
        column = schema.get_column(name)
        if format_cell(getattr(row, name), column) not in texts:
            return False
    return True


def _no_match(rows: tuple[Any, ...], change: Change, schema: Schema) -> str:
    """Say which cell of `where` nothing has, and what comes near."""
    message = f"no row of {change.table} agrees with {_shown(change.where)}"
    for name, texts in change.where.items():
        column = schema.get_column(name)
        held = {format_cell(getattr(row, name), column) for row in rows}
        if held.isdisjoint(texts):
            return f"{message}: no {name} is {' or '.join(texts)}{_hint(texts[0], held)}"
    return f"{message} in all of its columns at once"


def _shown(where: Mapping[str, tuple[str, ...]]) -> str:
    return " and ".join(f"{name} = {' or '.join(texts)}" for name, texts in where.items()) or "the change"


def _hint(text: str, known: Any) -> str:
    near = get_close_matches(text, [str(each) for each in known], n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(each) for each in value) if isinstance(value, list) else (_text(value),)


def _text(value: object) -> str:
    """A TOML value as the cell that a table's file would hold."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, str | int | date):
        return str(value)
    raise MisuseError(f"{value!r} is not a cell; write text, a number, true, false or a date")
