"""Content lines: what items hold, a row for each kind of article, read from text and checked.

A cell that cannot be read is a finding and null. Its item is not `sound`: no amount is worked out for it, but
it is not lost, and neither are the other rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.base.money import format_minor
from entrepost.base.schema import get_schema
from entrepost.codes import hs
from entrepost.codes.country import is_country
from entrepost.mail.declaration import NATURES, Content, Declaration
from entrepost.reference.currency import get_exponent, is_currency
from entrepost.tables.amounts import AMOUNT_MAX_MINOR, read_amounts, read_whole
from entrepost.tables.cell import (
    CELL_MALFORMED,
    CELL_MISSING,
    CELL_OUT_OF_RANGE,
    COUNTRY_UNKNOWN,
    CURRENCY_UNKNOWN,
    NUL,
    ROW_REPEATED,
)
from entrepost.tables.row_findings import ROW, RowFindings
from entrepost.tables.text import fill

ITEM_DISAGREES = finding_code("item_disagrees", "Two lines of an item differ in what must be the same for all of it.")
SHARED = ("destination", "region", "currency", "carriage_minor", "insurance_minor", "seller_scheme_number", "nature")
"""Columns that are of the item, and the same on each of its lines."""
COLUMNS = {
    "item_id": pl.String(),
    "origin": pl.String(),
    "destination": pl.String(),
    "region": pl.String(),
    "hs_code": pl.String(),
    "description": pl.String(),
    "quantity": pl.Int64(),
    "unit_value_minor": pl.Int64(),
    "value_minor": pl.Int64(),
    "currency": pl.String(),
    "net_weight_g": pl.Int64(),
    "carriage_minor": pl.Int64(),
    "insurance_minor": pl.Int64(),
    "seller_scheme_number": pl.String(),
    "nature": pl.String(),
    "row": pl.Int64(),
    "sound": pl.Boolean(),
}
"""Columns of lines that were read: `value_minor` is that of all pieces, `sound` says whether the whole item is."""
TABLE = "content_lines"


@dataclass(frozen=True, slots=True)
class ContentLines:
    """Lines with the columns of `COLUMNS` in the order of the file, and what is wrong with them."""

    frame: pl.DataFrame
    findings: list[Finding]


def read_lines(frame: pl.DataFrame, subject: str = "lines") -> ContentLines:
    """Read lines whose cells are text, or have the types of the schema `content_lines`.

    Parameters
    ----------
    frame : DataFrame
        The columns of the schema; others are left out. A column `#row` says where each row stands in its file.
    subject : str
        What the findings are about, such as the name of the file.

    Raises
    ------
    UnreadableInputError
        Where a column that must be there is absent.
    """
    findings = RowFindings(subject)
    texts = _texts(frame, findings)
    typed = _typed(texts, findings)
    _check_items(typed, findings)
    unsound = typed.filter(pl.col(ROW).is_in(findings.rejected.implode())).get_column("item_id").unique()
    sound = ~pl.col("item_id").is_in(unsound.implode())
    kept = typed.filter(pl.col("item_id").is_not_null()).with_columns(sound.alias("sound"), pl.col(ROW).alias("row"))
    return ContentLines(kept.select(list(COLUMNS)), findings.to_list())


def to_declarations(lines: pl.DataFrame) -> dict[str, Declaration]:
    """The declaration of each item that is sound, by its identifier, in the order of the first lines."""
    held: dict[str, list[dict[str, object]]] = {}
    for row in lines.filter("sound").iter_rows(named=True):
        held.setdefault(row["item_id"], []).append(row)
    return {item: _declaration(rows) for item, rows in held.items()}


def from_declarations(declarations: Mapping[str, Declaration], destination: str) -> pl.DataFrame:
    """Content lines as text, of declared items that all go to one country."""
    rows = [
        _cells(item, content, declaration, destination)
        for item, declaration in declarations.items()
        for content in declaration.contents
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(get_schema(TABLE).names, pl.String()), orient="row")


def _texts(frame: pl.DataFrame, findings: RowFindings) -> pl.DataFrame:
    schema = get_schema(TABLE)
    absent = [column.name for column in schema.columns if column.required and column.name not in frame.columns]
    if absent:
        found = ", ".join(name for name in frame.columns if not name.startswith("#"))
        raise UnreadableInputError(
            f"{findings.subject}: columns are missing: {', '.join(absent)}; found {found or 'none'}"
        )
    row = pl.col(ROW) if ROW in frame.columns else pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW)
    cells = [_text(name, name in frame.columns) for name in schema.names]
    texts = frame.select(row.cast(pl.Int64), *cells)
    for column in schema.columns:
        holding = texts.filter(pl.col(column.name).str.contains(NUL, literal=True))
        findings.add(holding, CELL_MALFORMED, column.name, "the cell holds the character NUL", "remove it")
        if column.required:
            empty = texts.filter(pl.col(column.name).is_null())
            findings.add(empty, CELL_MISSING, column.name, "the cell is empty", column.description)
    return texts


def _text(name: str, is_there: bool) -> pl.Expr:
    value = pl.col(name) if is_there else pl.lit(None, pl.String)
    return value.cast(pl.String).str.strip_chars().replace("", None).alias(name)


def _typed(texts: pl.DataFrame, findings: RowFindings) -> pl.DataFrame:
    place = pl.col("destination").str.to_uppercase().str.split_exact("-", 1)
    typed = texts.with_columns(
        pl.col("origin", "currency", "hs_code").str.to_uppercase(),
        place.struct.field("field_0").alias("destination"),
        place.struct.field("field_1").replace("", None).alias("region"),
        pl.col("seller_scheme_number").str.to_uppercase().str.replace_all(r"[\s.]", "").replace("", None),
        pl.col("nature").str.to_lowercase().fill_null("sale"),
    )
    _check_words(typed, findings)
    codes = _hs_codes(typed, findings)
    for name in ("quantity", "net_weight_g"):
        typed = typed.with_columns(read_whole(typed, get_schema(TABLE).get_column(name), findings))
    currencies = typed.get_column("currency").unique().drop_nulls().to_list()
    exponents = {code: get_exponent(code) for code in currencies if is_currency(code)}
    for name in ("unit_value", "carriage", "insurance"):
        typed = typed.with_columns(read_amounts(typed, name, exponents, findings))
    typed = typed.with_columns(pl.col("carriage_minor", "insurance_minor").fill_null(0), codes)
    typed = typed.with_columns((pl.col("unit_value_minor") * pl.col("quantity")).alias("value_minor"))
    beyond = typed.filter(pl.col("value_minor") > AMOUNT_MAX_MINOR)
    findings.add(beyond, CELL_OUT_OF_RANGE, "quantity", "all pieces are worth more than any item", "correct the value")
    return typed


def _check_words(typed: pl.DataFrame, findings: RowFindings) -> None:
    country = "write two letters such as DE"
    for name, known, code, fix in (
        ("origin", is_country, COUNTRY_UNKNOWN, country),
        ("destination", is_country, COUNTRY_UNKNOWN, f"{country}, or with the state: BR-SP"),
        ("currency", is_currency, CURRENCY_UNKNOWN, "write three letters such as EUR"),
        ("nature", NATURES.__contains__, CELL_MALFORMED, f"use one of {', '.join(NATURES)}"),
    ):
        words = typed.get_column(name).unique().drop_nulls().to_list()
        unknown = [word for word in words if not known(word)]
        if unknown:
            bad = typed.filter(pl.col(name).is_in(unknown))
            findings.add(bad, code, name, fill("{} is not known", pl.col(name).str.slice(0, 40)), fix)


def _hs_codes(typed: pl.DataFrame, findings: RowFindings) -> pl.Series:
    digits = typed.select("hs_code", ROW).with_columns(pl.col("hs_code").str.replace_all(r"[.\s]", "").alias("digits"))
    sound = pl.col("digits").str.contains(f"^[0-9]{{{hs.DIGITS_LEAST},{hs.DIGITS_MOST}}}$")
    message = fill("{} is not a Harmonized System code", pl.col("hs_code").str.slice(0, 40))
    fix = "write 6 to 10 digits, such as 610910; the code is left out"
    findings.add(digits.filter(~sound), hs.MALFORMED, "hs_code", message, fix, "warning")
    return digits.select(pl.when(sound).then("digits").alias("hs_code")).to_series()


def _check_items(typed: pl.DataFrame, findings: RowFindings) -> None:
    """What is of the item is the same on all its lines; a line like the one before is a line of its own, and told."""
    firsts = typed.group_by("item_id", maintain_order=True).agg(pl.col(*SHARED).first().name.prefix("first_"))
    if firsts.height == typed.height:
        return
    joined = typed.join(firsts, on="item_id", how="inner", maintain_order="left")
    for name in SHARED:
        bad = joined.filter(pl.col(name).ne_missing(pl.col(f"first_{name}")))
        message = fill("it differs from the first line of item {}", pl.col("item_id").str.slice(0, 40))
        findings.add(bad, ITEM_DISAGREES, name.removesuffix("_minor"), message, "give it the same on every line")
    content = [name for name in typed.columns if name != ROW]
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in content)
    repeated = typed.filter(same & (pl.col(ROW) != pl.col(ROW).first()) & pl.col("item_id").is_not_null())
    told = "the row equals the row before; it is taken as a further line"
    findings.add(repeated, ROW_REPEATED, "item_id", told, "take one away if it is written twice", "warning")


def _declaration(rows: list[dict[str, object]]) -> Declaration:
    contents = tuple(_content(row) for row in rows)
    return Declaration(str(rows[0]["nature"]), str(rows[0]["currency"]), contents)


def _content(row: Mapping[str, object]) -> Content:
    texts = {name: str(row[name] or "") for name in ("description", "hs_code")}
    whole = {name: int(str(row[name] or 0)) for name in ("quantity", "net_weight_g", "value_minor")}
    return Content(**texts, **whole, origin_country=str(row["origin"] or ""))  # type: ignore[arg-type]


def _cells(item: str, content: Content, declaration: Declaration, destination: str) -> Iterable[str]:
    value = format_minor(content.value_minor, get_exponent(declaration.currency))
    given = {
        "item_id": item,
        "origin": content.origin_country,
        "destination": destination,
        "hs_code": content.hs_code,
        "description": content.description,
        "quantity": "1",
        "unit_value": value,
        "currency": declaration.currency,
        "net_weight_g": str(content.net_weight_g),
        "nature": declaration.nature,
    }
    return [given.get(name, "") for name in get_schema(TABLE).names]
