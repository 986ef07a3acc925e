"""The papers of items, read from rows of text: a row for each kind of article, addresses on an item's first row.

What is wrong with an item is a finding with its row, and loses no other item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, list_errors
from entrepost.base.schema import Column, get_schema, parse_cell
from entrepost.codes import s10
from entrepost.codes.country import is_country
from entrepost.mail.declaration import Declaration
from entrepost.mail.item import Item
from entrepost.mail.papers import Papers
from entrepost.mail.party import Party
from entrepost.reference.currency import XDR, get_exponent
from entrepost.tables.amounts import read_amounts
from entrepost.tables.cell import CELL_MALFORMED, CELL_MISSING, CELL_OUT_OF_RANGE, COUNTRY_UNKNOWN
from entrepost.tables.content_lines import ITEM_DISAGREES, read_lines, to_declarations
from entrepost.tables.row_findings import ROW, RowFindings
from entrepost.tables.text import fill

TABLE = "labels"
FIRST_ROW = "first_row"
PARTY = ("name", "city", "region", "postcode", "phone", "email", "tax_id")
OWN = ("operator", "office", "service", "licence", "certificate", "invoice", "comments", "undelivered")


@dataclass(frozen=True, slots=True)
class LabelRows:
    """The papers of the items that are whole, how many items there are, and what is wrong with any."""

    papers: list[Papers]
    items: int
    findings: list[Finding]


def read_papers(frame: pl.DataFrame, subject: str = "labels") -> LabelRows:
    """Read rows whose cells are text: the columns of the schemas `labels` and `content_lines`.

    Raises
    ------
    UnreadableInputError
        Where a column that must be there is absent.
    """
    if "item_id" in frame.columns:
        frame = frame.with_columns(pl.col("item_id").cast(pl.String).str.replace_all(r"\s", "").str.to_uppercase())
    lines = read_lines(frame, subject)
    findings = RowFindings(subject)
    items = _read_items(frame, findings)
    declared = to_declarations(lines.frame)
    first = lines.frame.unique("item_id", keep="first", maintain_order=True)
    places = {
        row["item_id"]: row
        for row in first.select("item_id", "destination", "region", "seller_scheme_number").to_dicts()
    }
    told = [*lines.findings, *findings.to_list()]
    rejected = set(findings.rejected)
    papers = []
    for row in items.to_dicts():
        wrong = _check(row, subject)
        told += wrong
        whole = row["item_id"] in declared and row[FIRST_ROW] not in rejected
        if whole and not list_errors(wrong):
            papers.append(_papers(row, places[row["item_id"]], declared[row["item_id"]]))
    return LabelRows(papers, items.height, sorted(told, key=lambda finding: finding.row))


def _read_items(frame: pl.DataFrame, findings: RowFindings) -> pl.DataFrame:
    """A row for each item: its texts, the first that stands in any of its rows; amounts in minor units."""
    schema = get_schema(TABLE)
    absent = [column.name for column in schema.columns if column.required and column.name not in frame.columns]
    if absent:
        raise UnreadableInputError(f"{findings.subject}: columns are missing: {', '.join(absent)}")
    row = pl.col(ROW) if ROW in frame.columns else pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW)
    names = [*schema.names, "currency"]
    texts = frame.select(row.cast(pl.Int64), *(_text(name, name in frame.columns) for name in names))
    own = [name for name in names if name != "item_id"]
    held = texts.filter(pl.col("item_id").is_not_null()).group_by("item_id", maintain_order=True)
    items = held.agg(pl.col(ROW).first(), pl.col(own).drop_nulls().first())
    _check_same(texts, items, [name for name in own if name != "currency"], findings)
    exponents = {code: get_exponent(code) for code in ("XDR", *_known(items)) if code}
    postage = read_amounts(items, "postage", exponents, findings)
    sdr = read_amounts(items.with_columns(pl.lit(XDR).alias("currency")), "insured_sdr", exponents, findings)
    return items.with_columns(postage, sdr, pl.col(ROW).alias(FIRST_ROW))


def _known(items: pl.DataFrame) -> list[str]:
    from entrepost.reference.currency import is_currency

    return [code for code in items.get_column("currency").unique().drop_nulls().to_list() if is_currency(code)]


def _text(name: str, is_there: bool) -> pl.Expr:
    value = pl.col(name) if is_there else pl.lit(None, pl.String)
    return value.cast(pl.String).str.strip_chars().replace("", None).alias(name)


def _check_same(texts: pl.DataFrame, items: pl.DataFrame, names: list[str], findings: RowFindings) -> None:
    """A cell is empty or as on the item's first row that has one; a difference is told and spoils the item."""
    if items.height == texts.height:
        return
    firsts = items.select("item_id", pl.col(ROW).alias(FIRST_ROW), pl.col(names).name.prefix("first_"))
    joined = texts.join(firsts, on="item_id", how="inner", maintain_order="left")
    for name in names:
        bad = joined.filter(pl.col(name) != pl.col(f"first_{name}")).with_columns(pl.col(FIRST_ROW).alias(ROW))
        message = fill("it differs between the rows of item {}", pl.col("item_id").str.slice(0, 40))
        findings.add(
            bad.unique("item_id", maintain_order=True), ITEM_DISAGREES, name, message, "leave it empty further on"
        )


def _check(row: Mapping[str, Any], subject: str) -> list[Finding]:
    """What is wrong with the cells of an item."""
    place = (subject, row[FIRST_ROW])
    findings = [
        finding for column in get_schema(TABLE).columns for finding in _check_cell(row[column.name], column, place)
    ]
    for found in s10.check(row["item_id"], row["item_id"]):
        findings.append(Finding(found.code, "item_id", found.message, *place, found.fix, found.level))
    if row["sender_country"] and not is_country(row["sender_country"].upper()):
        message = f"{row['sender_country'][:40]!r} is not a country"
        findings.append(Finding(COUNTRY_UNKNOWN, "sender_country", message, *place, "two letters such as CN"))
    return findings


def _check_cell(text: str | None, column: Column, place: tuple[str, int]) -> list[Finding]:
    if text is None:
        missing = Finding(CELL_MISSING, column.name, "the cell is empty", *place, column.description)
        return [missing] if column.required else []
    try:
        value = parse_cell(text, column)
    except ValueError:
        return [
            Finding(CELL_MALFORMED, column.name, f"{text[:40]!r} is not {column.dtype}", *place, column.description)
        ]
    if column.values and text not in column.values:
        wanted = f"{text[:40]!r} is not one of {', '.join(column.values)}"
        return [Finding(CELL_MALFORMED, column.name, wanted, *place, column.description)]
    if column.dtype == "integer" and not (column.least or 0) <= int(str(value)) <= (column.most or 0):
        return [Finding(CELL_OUT_OF_RANGE, column.name, f"{text[:40]} is out of range", *place, column.description)]
    return []


def _papers(row: Mapping[str, Any], place: Mapping[str, Any], declaration: Declaration) -> Papers:
    code = s10.format(s10.parse(row["item_id"]))
    order = row["order_id"] or code
    worth = (declaration.value_minor, declaration.currency)
    sender = _party(row, "sender", row["sender_country"].upper(), row["sender_region"] or "")
    recipient = _party(row, "recipient", place["destination"], row["recipient_region"] or place["region"] or "")
    if not sender.tax_id and place["seller_scheme_number"]:
        sender = _party(
            {**row, "sender_tax_id": place["seller_scheme_number"]}, "sender", sender.country, sender.region
        )
    texts: dict[str, Any] = {name: row[name] or get_schema(TABLE).get_column(name).default for name in OWN}
    return Papers(
        item=Item("main", "", order, 1, code, int(row["weight_g"]), *worth),
        sender=sender,
        recipient=recipient,
        declaration=declaration,
        posted_on=date.fromisoformat(row["posted_on"]),
        postage_minor=row["postage_minor"],
        insured_sdr_minor=row["insured_sdr_minor"],
        **texts,
    )


def _party(row: Mapping[str, Any], role: str, country: str, region: str) -> Party:
    texts = {name: row[f"{role}_{name}"] or "" for name in PARTY if name != "region"}
    lines = tuple(row[f"{role}_line{number}"] for number in (1, 2, 3) if row[f"{role}_line{number}"])
    return Party(lines=lines, country=country, region=region, **texts)
