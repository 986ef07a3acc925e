"""Columns of text become whole numbers: pieces, grams, and money in minor units; what cannot is a finding."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from entrepost.base.schema import Column
from entrepost.tables.cell import AMOUNT_DECIMALS, AMOUNT_MALFORMED, CELL_MALFORMED, CELL_OUT_OF_RANGE
from entrepost.tables.row_findings import ROW, RowFindings
from entrepost.tables.text import fill

AMOUNT_MAX_MINOR = 10**13
"""More than any item is worth; up to here amounts may be multiplied by rates in 64 bits."""
UNIT_MAX_MINOR = 10**12
EXPONENT_MOST = 4
WRITTEN = r"^([0-9]{1,14})(?:\.([0-9]{0,30}))?$"


def read_amounts(texts: pl.DataFrame, name: str, exponents: Mapping[str, int], findings: RowFindings) -> pl.Series:
    """The amounts of a column of decimal text as `{name}_minor`, exact in the currency of the row.

    Parameters
    ----------
    texts : DataFrame
        The column, `currency` and `#row`.
    exponents : mapping
        Digits behind the point of each currency that occurs and is known; an amount in another is null.
    """
    exponent = pl.col("currency").replace_strict(exponents, default=None, return_dtype=pl.Int64)
    parts = texts.select(ROW, "currency", pl.col(name).alias("text"), exponent.alias("exponent")).with_columns(
        pl.col("text").str.extract_groups(WRITTEN).struct.rename_fields(["whole", "part"]).struct.unnest()
    )
    parts = parts.with_columns(pl.col("part").fill_null("").str.strip_chars_end("0"))
    read = parts.with_columns(_minor().alias("minor"))
    written = pl.col("text").str.slice(0, 40)
    wrong = read.filter(pl.col("text").is_not_null() & pl.col("whole").is_null())
    message = fill("{} is not an amount", written)
    findings.add(wrong, AMOUNT_MALFORMED, name, message, "write major units with a point, such as 12.50")
    message = fill(
        "{} has more decimals than {}, which has {}", written, "currency", pl.col("exponent").cast(pl.String)
    )
    findings.add(read.filter(_too_fine()), AMOUNT_DECIMALS, name, message, "round it as it was paid")
    beyond = read.filter(pl.col("minor") > UNIT_MAX_MINOR)
    findings.add(beyond, CELL_OUT_OF_RANGE, name, fill("{} is beyond any price", written), "correct the amount")
    kept = pl.when((pl.col("minor") <= UNIT_MAX_MINOR) & ~_too_fine()).then("minor")
    return read.select(kept.alias(f"{name}_minor")).to_series()


def read_whole(texts: pl.DataFrame, column: Column, findings: RowFindings) -> pl.Series:
    """The whole numbers of a column of text, within the bounds that its schema states."""
    digits = pl.col(column.name).str.extract(r"^([0-9]{1,15})(?:\.0*)?$")
    read = texts.select(ROW, pl.col(column.name).alias("text"), digits.cast(pl.Int64).alias("value"))
    written = pl.col("text").str.slice(0, 40)
    wrong = read.filter(pl.col("text").is_not_null() & pl.col("value").is_null())
    findings.add(wrong, CELL_MALFORMED, column.name, fill("{} is not a whole number", written), column.description)
    least, most = int(column.least or 0), int(column.most or 2**53)
    inside = pl.col("value").is_between(least, most)
    message = fill(f"{{}} is outside {least} to {most}", written)
    findings.add(read.filter(~inside), CELL_OUT_OF_RANGE, column.name, message, column.description)
    return read.select(pl.when(inside).then("value").alias(column.name)).to_series()


def _minor() -> pl.Expr:
    """Whole and part as minor units; 14 and 4 digits stay within 64 bits."""
    shifted = pl.col("whole") + pl.col("part").str.slice(0, EXPONENT_MOST).str.pad_end(EXPONENT_MOST, "0")
    scale = (EXPONENT_MOST - pl.col("exponent")).replace_strict(
        {shift: 10**shift for shift in range(EXPONENT_MOST + 1)}, return_dtype=pl.Int64, default=None
    )
    return shifted.cast(pl.Int64) // scale


def _too_fine() -> pl.Expr:
    return pl.col("whole").is_not_null() & (pl.col("part").str.len_chars() > pl.col("exponent"))
