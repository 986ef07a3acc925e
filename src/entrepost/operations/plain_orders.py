"""Orders out of rows in which nothing is odd, without frames: for the few that are asked at once at a counter.

Whatever could be a finding is left to `asked_orders`, which tells what is wrong: there is one place that says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Table
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from entrepost.base.schema import Column, get_schema
from entrepost.codes import hs
from entrepost.codes.country import is_country
from entrepost.mail.order import Line, Order
from entrepost.operations.asked_orders import to_text
from entrepost.operations.order_rows import is_currency, parse_minor

WHOLE = re.compile(r"\d{1,9}", re.ASCII)
AMOUNT = re.compile(r"\d{1,9}(\.\d{0,6})?", re.ASCII)
INSTANT = re.compile(r"(19[89]\d|20\d\d)-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-](0\d|1[0-4]):[0-5]\d)", re.ASCII)
CODES = ("currency", "country", "origin")


class OddRowError(ValueError):
    """A row of which something may have to be said."""


def read_plain_orders(
    rows: Sequence[Table[str, Any]], tenant: str, origins: Collection[str] = ()
) -> list[Order] | None:
    """The orders of an account in the order of their first rows; None where any row is odd."""
    try:
        cells = [_cells(row) for row in rows]
        return _orders(cells, tenant, origins)
    except OddRowError:
        return None


def _orders(rows: list[dict[str, Any]], tenant: str, origins: Collection[str]) -> list[Order]:
    together: dict[tuple[str, str], list[dict[str, Any]]] = {}
    last = None
    for row in rows:
        name = (row["seller"], row["order_id"])
        if name != last and name in together:
            raise OddRowError
        together.setdefault(name, []).append(row)
        last = name
    return [_order(each, tenant, origins) for each in together.values()]


def _order(rows: list[dict[str, Any]], tenant: str, origins: Collection[str]) -> Order:
    first = rows[0]
    currencies = {row["currency"] for row in rows} - {None}
    known = is_country(first["country"]) and (not origins or first["origin"] in origins)
    if (
        not known
        or len(currencies) > 1
        or any(row[name] != first[name] for row in rows for name in ("country", "origin"))
    ):
        raise OddRowError
    return Order(
        tenant=tenant,
        seller=first["seller"],
        order_id=first["order_id"],
        placed_at=first["placed_at"],
        origin=first["origin"],
        country=first["country"],
        lines=tuple(_line(row, number) for number, row in enumerate(rows, 1)),
        currency=next(iter(currencies), ""),
        postcode=first["postcode"] or "",
        city=first["city"] or "",
        wanted_by=first["wanted_by"],
    )


def _line(row: dict[str, Any], number: int) -> Line:
    if not _is_priced(row["unit_value"], row["currency"]):
        raise OddRowError
    return Line(
        line=row["line"] or number,
        quantity=row["quantity"],
        unit_value=row["unit_value"],
        weight_g=row["weight_g"],
        sku=row["sku"] or "",
        length_mm=row["length_mm"],
        width_mm=row["width_mm"],
        height_mm=row["height_mm"],
        battery=row["battery"],
        hs_code=row["hs_code"] or "",
        description=row["description"] or "",
    )


def _is_priced(unit_value: str, currency: str | None) -> bool:
    """Whether an amount is exact in a currency that is known; of nothing there need be none."""
    if not AMOUNT.fullmatch(unit_value) or (currency is not None and not is_currency(currency)):
        return False
    try:
        return parse_minor(unit_value, currency, ".") == 0 or currency is not None
    except ValueError:
        return False


def _cells(row: Table[str, Any]) -> dict[str, Any]:
    """A row's cells by our columns, each of its type."""
    return {column.name: _cell(column, row.get(column.name)) for column in _columns()}


@cache
def _columns() -> tuple[Column, ...]:
    return tuple(column for column in get_schema("orders").columns if column.name != "tenant")


def _cell(column: Column, given: Any) -> Any:
    text = to_text(given)
    if text is not None and not text.isprintable():
        raise OddRowError
    text = (text or "").strip(" ") or column.default
    if not text:
        if column.required:
            raise OddRowError
        return None
    if column.dtype == "integer":
        return _whole(column, text)
    if column.dtype == "instant":
        return _instant(text)
    return _word(column, text)


def _whole(column: Column, text: str) -> int:
    if not WHOLE.fullmatch(text) or not (column.least or 0) <= int(text) <= (column.most or 0):
        raise OddRowError
    return int(text)


def _word(column: Column, text: str) -> str:
    if column.values and text not in column.values:
        raise OddRowError
    if column.name in CODES:
        if not text.isascii():
            raise OddRowError
        return text.upper()
    if column.name == "hs_code":
        text = text.replace(".", "").replace(" ", "")
        if not (text.isascii() and text.isdigit() and hs.DIGITS_LEAST <= len(text) <= hs.DIGITS_MOST):
            raise OddRowError
    return text


def _instant(text: str) -> datetime:
    """An ISO instant with its offset, in UTC; its day must exist."""
    if not INSTANT.fullmatch(text):
        raise OddRowError
    try:
        local = datetime.fromisoformat(text[:19])
    except ValueError:
        raise OddRowError from None
    minutes = 0 if text[19] == "Z" else int(f"{text[19]}1") * (60 * int(text[20:22]) + int(text[23:25]))
    return (local - timedelta(minutes=minutes)).replace(tzinfo=UTC)
