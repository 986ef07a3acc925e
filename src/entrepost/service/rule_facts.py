"""Figures that a seller's rules may ask of an order and that stand in files beside them, such as what a region orders.

.. code-block:: toml

    [[facts]]
    file = "articles.csv"             # beside the rule file; columns seller, region, sku, items_year
    by = ["seller", "region", "sku"]
    otherwise = { items_year = 0 }    # where the file has no row

    [[rule]]
    name = "What sells"
    when = { country = ["US"], items_year_over = 104 }
    services = ["STOCK", "PACKET"]

A column that is not in `by` is a figure, asked for as its name with ``_over`` or ``_to``. Of several lines of an order
the least figure counts, because stock serves an order whole or not at all. Several files are asked in order: the
first that has a figure tells it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.tables.items import ORDER

KEYS = ("tenant", "seller", "country", "area", "region", "origin", "sku")
SIDES = ("_over", "_to")


@dataclass(frozen=True, slots=True)
class Facts:
    """A file's figures: by which columns an order finds them, and what holds where it does not."""

    by: tuple[str, ...]
    otherwise: Mapping[str, float]
    frame: pl.DataFrame

    @property
    def names(self) -> tuple[str, ...]:
        """Of the figures."""
        return tuple(name for name in self.frame.columns if name not in self.by)


def read_facts(content: Mapping[str, Any], folder: Path, place: str) -> list[Facts]:
    """The facts that a rule file names; raises `UnreadableInputError` or `MisuseError` with what to correct."""
    rows = content.get("facts", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise MisuseError(f"{place}: write each file of facts under [[facts]]")
    return [_read(row, folder, f"{place}, facts {number}") for number, row in enumerate(rows, 1)]


def with_facts(orders: pl.DataFrame, facts: Sequence[Facts]) -> pl.DataFrame:
    """The orders with all figures as columns; null where no file has one and none is told otherwise.

    Parameters
    ----------
    orders : DataFrame
        A row per order: the columns that facts are found by; `skus`, a list, in place of `sku`.
    """
    for each in facts:
        found = _found(orders, each)
        known = [name for name in each.names if name in orders.columns]
        orders = orders.join(found, on=ORDER, how="left", maintain_order="left", suffix="_next")
        orders = orders.with_columns(pl.coalesce(name, f"{name}_next") for name in known).drop(
            f"{name}_next" for name in known
        )
    otherwise = {name: value for each in facts for name, value in each.otherwise.items()}
    return orders.with_columns(pl.col(name).fill_null(value) for name, value in otherwise.items())


def _found(orders: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Of each order the least figures of its lines; null where a line has none."""
    asked = orders.select(*ORDER, *(pl.col(name).alias(f"by_{name}") for name in facts.by if name != "sku"), "skus")
    if "sku" in facts.by:
        asked = asked.explode("skus").rename({"skus": "by_sku"})
    figures = facts.frame.rename({name: f"by_{name}" for name in facts.by})
    found = asked.join(figures, on=[f"by_{name}" for name in facts.by], how="left", maintain_order="left")
    least = [pl.when(pl.col(name).null_count() == 0).then(pl.col(name).min()).alias(name) for name in facts.names]
    return found.group_by(ORDER, maintain_order=True).agg(least)


def _read(row: Mapping[str, Any], folder: Path, place: str) -> Facts:
    if unknown := sorted(set(row) - {"file", "by", "otherwise"}):
        raise MisuseError(f"{place}: unknown field {unknown[0]!r}; allowed are file, by, otherwise")
    by, otherwise = row.get("by"), row.get("otherwise", {})
    if not isinstance(by, list) or not by or not set(by) <= set(KEYS):
        raise MisuseError(f"{place}: by must be a list of some of {', '.join(KEYS)}")
    if not isinstance(otherwise, dict) or not all(isinstance(value, int | float) for value in otherwise.values()):
        raise MisuseError(f"{place}: otherwise must give numbers, such as {{ items_year = 0 }}")
    frame = _frame(folder / str(row.get("file", "")), place)
    if absent := [name for name in by if name not in frame.columns]:
        raise MisuseError(f"{place}: the file has no column {absent[0]}")
    figures = [pl.col(name).cast(pl.Float64, strict=False) for name in frame.columns if name not in by]
    frame = frame.select(*by, *figures)
    if frame.select(pl.struct(by).is_duplicated().any()).item():
        raise MisuseError(f"{place}: the file has two rows of the same {', '.join(by)}")
    return Facts(tuple(by), {name: float(value) for name, value in otherwise.items()}, frame)


def _frame(path: Path, place: str) -> pl.DataFrame:
    try:
        return pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UnreadableInputError(f"{place}: the file {path} cannot be read: {error}") from None
