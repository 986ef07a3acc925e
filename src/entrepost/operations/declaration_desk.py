"""Customs declarations made ready: of rows that somebody sends, or of an item from what its order says.

Each is checked by the rules of `customs.check`, and told with the form that it must bear (CN 22, CN 23, CP 72) and what
stands on it; what is missing is told field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import Finding, list_errors
from entrepost.codes import s10
from entrepost.codes.signs import squeeze
from entrepost.customs.check import FINDINGS, check_lines
from entrepost.customs.checking.params import CheckParams
from entrepost.customs.checking.said import MISSING
from entrepost.mail.customs_form import choose_form
from entrepost.network.network import Network
from entrepost.operations.content_lines import read_texts
from entrepost.operations.store import Store
from entrepost.reference.fx import known_rates
from entrepost.reference.nomenclature import known_nomenclature, list_vintages
from entrepost.tables.content_lines import ContentLines, read_lines
from entrepost.tables.items import ORDER, contents_of

HS_DIGITS = 6
CONTENT = ("description", "hs_code", "origin", "quantity", "value_minor", "net_weight_g")
"""What a form says of each kind of article."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration: the form it goes on, what stands there, and what is wrong (`FINDINGS`); `sound` without errors."""

    item_id: str
    destination: str
    form: str
    nature: str
    currency: str
    value_minor: int
    net_weight_g: int
    contents: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...]
    sound: bool


def known_codes() -> tuple[frozenset[str], frozenset[str]]:
    """The subheadings of the newest nomenclature that was added, and those of the others."""
    found = [frozenset(code for code in known_nomenclature(each) if len(code) == HS_DIGITS) for each in list_vintages()]
    return (found[-1], frozenset().union(*found[:-1])) if found else (frozenset(), frozenset())


def declare_file(path: Path, day: date, mode: str = "air") -> tuple[list[Declared], list[Finding]]:
    """The declarations of a file of content lines, with columns of items beside; and what is wrong with its rows."""
    raw, unread = read_texts(path)
    read = read_lines(raw, path.name)
    return _declare(ContentLines(read.frame, [*unread, *read.findings]), raw, day, mode)


def declare_item(store: Store, network: Network, tenant: str, item_id: str, day: date) -> Declared:
    """The declaration of an item, from the lines of its order: what an office would have to print now.

    An order that travels as several items is declared item by item: its pieces fill them in the order of its lines, as
    they were packed when it was promised. Who packed them otherwise sends what each of them holds.

    Raises
    ------
    MissingRowError
        When the account has no such item.
    MisuseError
        When its order does not hold so many.
    """
    number = squeeze(item_id)
    found = store.find_items(pl.DataFrame({"tenant": [tenant], "item_id": [number]})).sort("issued_at")
    if not found.height:
        raise MissingRowError(f"no item {number} is there; check the number, or bring its order in and promise it")
    item = store.list_items(numbers=found.tail(1)).row(0, named=True)
    order = pl.DataFrame([{name: item[name] for name in ORDER}])
    held = contents_of(store.find_lines(order)).filter(pl.col("item") == item["item"])
    if held.is_empty():
        raise MisuseError(f"nobody knows what lies in the item {number}; send what it holds to /v1/declarations")
    raw = _to_texts(network, item, held)
    (declared,), _ = _declare(read_lines(raw, number), raw, day, "air")
    return declared


def _declare(lines: ContentLines, raw: pl.DataFrame, day: date, mode: str) -> tuple[list[Declared], list[Finding]]:
    codes, others = known_codes()
    checked = check_lines(lines, raw, CheckParams(day, known_rates(), codes, others, {}, mode))
    sound = dict(checked.items.select("item_id", "sound").iter_rows())
    found = {str(name): rows for (name,), rows in checked.findings.group_by("item_id")}
    declared = [
        _declared(str(name), rows, found.get(str(name), pl.DataFrame(schema=FINDINGS)), (sound.get(str(name)), day))
        for (name,), rows in lines.frame.drop_nulls("item_id").group_by("item_id", maintain_order=True)
    ]
    return declared, [*(each for each in lines.findings if each.level == "error"), *checked.told]


def _declared(item_id: str, rows: pl.DataFrame, findings: pl.DataFrame, judged: tuple[bool | None, date]) -> Declared:
    first, (is_sound, day) = rows.row(0, named=True), judged
    currency = first["currency"] or ""
    value, weight = rows.select(pl.col("value_minor", "net_weight_g").sum()).row(0)
    told = findings.select("code", "field", "level", "message", "fix", "row")
    is_known = bool(currency) and not list_errors(s10.check(item_id))
    return Declared(
        item_id=item_id,
        destination=first["destination"] or "",
        form=choose_form(item_id, value, currency, day) if is_known else "",
        nature=first["nature"] or "",
        currency=currency,
        value_minor=value,
        net_weight_g=weight,
        contents=tuple(rows.select(CONTENT).to_dicts()),
        findings=tuple(told.to_dicts()),
        sound=bool(is_sound),
    )


def _to_texts(network: Network, item: dict[str, Any], lines: pl.DataFrame) -> pl.DataFrame:
    """An item's order lines as content lines; packed weights stand for net weights."""
    place = network.facility_by_code.get(item["origin"])
    country = place.country if place else ""
    texts = [_line(item, row, country) for row in lines.iter_rows(named=True)]
    return pl.DataFrame(texts, schema=dict.fromkeys(texts[0], pl.String))


def _line(item: dict[str, Any], row: dict[str, Any], country: str) -> dict[str, str]:
    return {
        "item_id": item["item_id"],
        "origin": country,
        "destination": item["country"],
        "hs_code": row["hs_code"] or "",
        "description": row["description"] or "",
        "quantity": str(row["pieces"]),
        "unit_value": row["unit_value"],
        "currency": row["currency"] or "",
        "net_weight_g": str(row["weight_g"] * row["pieces"]),
        "nature": "sale",
        "seller": item["seller"],
        "office": item["origin"],
        "weight_g": str(item["weight_g"]),
    }


def missing_of(findings: Sequence[dict[str, Any]]) -> list[str]:
    """The fields that are wanted and empty."""
    return sorted({each["field"] for each in findings if each["code"] == MISSING})
