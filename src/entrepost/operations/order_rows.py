"""Rows of orders: typed, checked against the reference tables, and gathered into whole orders."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cache

import polars as pl

from entrepost.base.errors import MissingRowError
from entrepost.base.findings import finding_code
from entrepost.base.money import to_minor
from entrepost.codes import hs
from entrepost.codes.country import is_country
from entrepost.operations.cells import convert, parse_number, read_cells
from entrepost.operations.faults import INDEX, Faults
from entrepost.operations.mapping import Mapping
from entrepost.reference.currency import get_exponent
from entrepost.tables.cell import (
    AMOUNT_DECIMALS,
    AMOUNT_MALFORMED,
    COUNTRY_UNKNOWN,
    CURRENCY_UNKNOWN,
    ROW_REPEATED,
)
from entrepost.tables.items import ORDER
from entrepost.tables.text import fill

CURRENCY_MISSING = finding_code("currency_missing", "An amount has no currency.")
ORIGIN_UNKNOWN = finding_code("origin_unknown", "An order is handed in at a facility that the network does not have.")
ORDER_INCOMPLETE = finding_code(
    "order_incomplete", "A row is sound, but another row of its order is not: an order comes in whole."
)

EXPLICIT = "#explicit"
"""Whether the row stated its line number."""
RUN = "#run"
"""Rows of one order reference that follow each other."""
AMOUNT_MAX_MINOR = 10**15


class TooManyDecimalsError(ValueError):
    """The amount has more decimals than its currency; to round it would change what was paid."""


def read_order_rows(chosen: pl.DataFrame, mapping: Mapping, origins: Collection[str], faults: Faults) -> pl.DataFrame:
    """Typed and checked order lines: those of orders without any error.

    Parameters
    ----------
    chosen : DataFrame
        The columns of `orders` as text, `#index` and `#row`.
    origins : collection of str
        The facilities of the network; empty: any is taken.

    Returns
    -------
    DataFrame
        The columns of `orders`, `unit_value_minor` (Int64), and `#index`, `#row`, `#run`, `#explicit`.
    """
    typed = read_cells(chosen, mapping, faults)
    typed = typed.with_columns(pl.col("country", "currency", "origin").str.to_uppercase())
    _check_words(typed, origins, faults)
    typed = typed.with_columns(_hs_codes(typed, faults)).with_columns(_amounts(typed, mapping, faults))
    numbered = _number_lines(typed, faults)
    return _whole_orders(numbered, faults)


def _check_words(typed: pl.DataFrame, origins: Collection[str], faults: Faults) -> None:
    _check_known(
        typed,
        "country",
        is_country,
        COUNTRY_UNKNOWN,
        "write two letters such as DE, or map it: [values.country]",
        faults,
    )
    _check_known(
        typed,
        "currency",
        is_currency,
        CURRENCY_UNKNOWN,
        "write three letters such as EUR, or map it: [values.currency]",
        faults,
    )
    if origins:
        known = frozenset(origins)
        fix = f"use a facility of the network ({', '.join(sorted(known)[:5])} ...), or map it: [values.origin]"
        _check_known(typed, "origin", known.__contains__, ORIGIN_UNKNOWN, fix, faults)


def _check_known(typed: pl.DataFrame, column: str, known: object, code: str, fix: str, faults: Faults) -> None:
    words = typed.get_column(column).drop_nulls().unique().to_list()
    unknown = [word for word in words if not known(word)]  # type: ignore[operator]
    if unknown:
        message = fill("{} is not known", column)
        faults.add(typed.filter(pl.col(column).is_in(unknown)), code, column, message, fix)


def _hs_codes(typed: pl.DataFrame, faults: Faults) -> pl.Expr:
    digits = pl.col("hs_code").str.replace_all(r"[. ]", "")
    sound = digits.str.contains(f"^[0-9]{{{hs.DIGITS_LEAST},{hs.DIGITS_MOST}}}$")
    message = fill("{} is not a Harmonized System code", "hs_code")
    fix = "write 6 to 10 digits; the code is left out"
    faults.add(typed.filter(~sound), hs.MALFORMED, "hs_code", message, fix, "warning")
    return pl.when(sound).then(digits).alias("hs_code")


def _amounts(typed: pl.DataFrame, mapping: Mapping, faults: Faults) -> pl.Series:
    amounts = typed.select("unit_value", "currency")
    read = pl.concat(
        [typed, convert(amounts, lambda text, code: parse_minor(text, code, mapping.decimal))], how="horizontal"
    )
    wrong, message = read.filter(pl.col("reason").is_not_null()), pl.col("reason")
    decimals = pl.col("reason").str.contains("decimals", literal=True)
    faults.add(
        wrong.filter(decimals),
        AMOUNT_DECIMALS,
        "unit_value",
        message,
        "round it as it was paid, or correct the currency",
    )
    faults.add(
        wrong.filter(~decimals),
        AMOUNT_MALFORMED,
        "unit_value",
        message,
        "write major units with a point, such as 12.50; a comma: [file] decimal",
    )
    bare = read.filter((pl.col("value") != 0) & pl.col("currency").is_null())
    faults.add(
        bare, CURRENCY_MISSING, "currency", "the amount has no currency", "add it, or set it: [constants] currency"
    )
    return read.get_column("value").alias("unit_value_minor")


def parse_minor(text: str, currency: str | None, decimal: str) -> int:
    """Minor units of an amount that is exact in its currency; an unknown currency counts as one of two decimals."""
    number = parse_number(text, decimal)
    exponent = _exponent(currency)
    if number < 0:
        raise ValueError(f"{text} is negative")
    if number.scaleb(exponent) != int(number.scaleb(exponent)):
        raise TooManyDecimalsError(f"{text} has more decimals than {currency or 'a currency'}, which has {exponent}")
    minor = to_minor(Decimal(number), exponent)
    if minor > AMOUNT_MAX_MINOR:
        raise ValueError(f"{text} is beyond any price")
    return minor


@cache
def is_currency(code: str) -> bool:
    """Whether ISO 4217 has that currency."""
    try:
        return get_exponent(code) >= 0
    except MissingRowError:
        return False


def _exponent(currency: str | None) -> int:
    return get_exponent(currency) if currency and is_currency(currency) else 2


def _number_lines(typed: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """Rows without a line number are numbered in each run of rows that have the same order reference."""
    run = pl.struct("tenant", "order_id").ne_missing(pl.struct("tenant", "order_id").shift()).fill_null(True).cum_sum()
    runs = typed.with_columns(run.alias(RUN), pl.col("line").is_not_null().alias(EXPLICIT))
    place = pl.int_range(1, pl.len() + 1).over(RUN, "seller")
    content = [name for name in typed.columns if not name.startswith("#")]
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in content) & (pl.len() > 0)
    repeated = runs.filter(same & ~pl.col(EXPLICIT) & pl.col("order_id").is_not_null())
    faults.add(
        repeated,
        ROW_REPEATED,
        "line",
        "the row equals the row before; it is taken as a further line",
        "number the lines in a column line",
        "warning",
    )
    return runs.with_columns(pl.coalesce("line", place).alias("line"))


def _whole_orders(lines: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    key = [RUN, *ORDER]
    bad = lines.filter(pl.col(INDEX).is_in(faults.rejected.implode()))
    if not bad.height:
        return lines
    siblings = lines.join(bad.select(key).unique(), on=key, how="semi", nulls_equal=True)
    siblings = siblings.filter(~pl.col(INDEX).is_in(bad.get_column(INDEX).implode()))
    faults.add(
        siblings,
        ORDER_INCOMPLETE,
        "order_id",
        "another row of the order was rejected",
        "correct that row and bring the order in anew",
    )
    return faults.sound(lines)
