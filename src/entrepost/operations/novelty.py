"""What is new about order lines: taken, a repetition, or at odds with what came first."""

from __future__ import annotations

import polars as pl

from entrepost.base.findings import finding_code
from entrepost.operations.faults import Faults
from entrepost.operations.order_rows import EXPLICIT, RUN
from entrepost.tables.items import ORDER
from entrepost.tables.text import fill

ORDER_CHANGED = finding_code("order_changed", "An order comes again with other content; what came first stays.")

LINE = [*ORDER, "line"]
HEADER = ["placed_at", "wanted_by", "origin", "country", "postcode", "city"]
"""Columns that are the same in every line of an order."""
CONTENT = [
    *HEADER,
    *("sku", "quantity", "unit_value_minor", "currency", "weight_g", "length_mm", "width_mm", "height_mm"),
    *("battery", "hs_code", "description"),
]
NEW, REPEATED, CHANGED = "new", "repeated", "changed"


def judge(lines: pl.DataFrame, stored: pl.DataFrame, intake: str, faults: Faults) -> pl.DataFrame:
    """Add the column `verdict`: new, repeated (the same content is there) or changed (a finding).

    Parameters
    ----------
    lines : DataFrame
        Sound lines in the order of the file, with `#run` and `#explicit`.
    stored : DataFrame
        The lines that the store has of these orders, with the column `intake` that brought them.
    """
    first = pl.col(CONTENT).first().over(LINE)
    known = lines.with_columns(
        first.name.suffix("#first"),
        pl.col(HEADER).first().over(ORDER).name.suffix("#header"),
        pl.col("currency").drop_nulls().first().over(ORDER).alias("currency#header"),
        pl.col(LINE[-1]).is_first_distinct().over(ORDER).alias("#first"),
        pl.col(RUN).first().over(ORDER).alias("#first_run"),
    )
    known = known.join(_stored_lines(stored), on=LINE, how="left", maintain_order="left")
    known = known.join(_stored_orders(stored), on=ORDER, how="left", maintain_order="left")
    verdicts = known.with_columns(_differences().alias("#differs")).with_columns(_verdict(intake).alias("verdict"))
    changed = verdicts.filter(pl.col("verdict") == CHANGED)
    words = (
        pl.when(pl.col("#differs").list.len() > 0)
        .then(pl.col("#differs").list.join(", "))
        .otherwise(pl.lit("a further line"))
    )
    message = fill("order {} came before with other content: {}", "order_id", words)
    faults.add(changed, ORDER_CHANGED, "order_id", message, "give a changed order its own reference; the first stays")
    return verdicts.select(*lines.columns, "verdict")


def _stored_lines(stored: pl.DataFrame) -> pl.DataFrame:
    return stored.select(*LINE, pl.col(CONTENT).name.suffix("#stored"), pl.lit(True).alias("#stored"))


def _stored_orders(stored: pl.DataFrame) -> pl.DataFrame:
    return stored.group_by(ORDER, maintain_order=True).agg(
        pl.col(HEADER).first().name.suffix("#stored_header"),
        pl.col("currency").drop_nulls().first().alias("currency#stored_header"),
        pl.col("intake").first().alias("#stored_intake"),
    )


def _verdict(intake: str) -> pl.Expr:
    """A line that is not there yet joins its order only in the same file, and where the file numbers lines."""
    differs = pl.col("#differs").list.len() > 0
    repeated = pl.col("#stored").is_not_null() | ~pl.col("#first")
    own = pl.col("#stored_intake").is_null() | (pl.col("#stored_intake") == intake)
    same_run = pl.col("#stored_intake").is_null() & (pl.col(RUN) == pl.col("#first_run"))
    welcome = (pl.col(EXPLICIT) & own) | same_run
    return (
        pl.when(differs).then(pl.lit(CHANGED))
        .when(repeated).then(pl.lit(REPEATED))
        .when(welcome).then(pl.lit(NEW))
        .otherwise(pl.lit(CHANGED))
    )  # fmt: skip


def _differences() -> pl.Expr:
    """The columns in which a line differs from the line, or from the order, that came first."""
    found = []
    for column in CONTENT:
        value = pl.col(column)
        stored, header = pl.col(f"{column}#stored"), None
        differs = (
            pl.when(pl.col("#stored").is_not_null())
            .then(value.ne_missing(stored))
            .otherwise(value.ne_missing(pl.col(f"{column}#first")))
        )
        if column in HEADER or column == "currency":
            there = pl.col("#stored_intake").is_not_null()
            header = pl.when(there).then(pl.col(f"{column}#stored_header")).otherwise(pl.col(f"{column}#header"))
            other = value.ne_missing(header)
            differs |= other & value.is_not_null() & header.is_not_null() if column == "currency" else other
        found.append(pl.when(differs).then(pl.lit(column)))
    return pl.concat_list(found).list.drop_nulls()
