"""Landed cost of many items at once: duty, tax and fees of each, who collects them, by which rule, how sure it is.

The total is what is due at the border: duty, tax and fees. The price of the goods and of their carriage is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.customs import frame_records as records
from entrepost.customs.assess import COLLECTED, UNKNOWN, LineFigures, assess_all
from entrepost.customs.duty_rules import MONEY
from entrepost.customs.frame_records import Cases, Figures, Records, convert_all
from entrepost.customs.item_cost import TERMS_MISSING, VALUE_BEYOND
from entrepost.customs.params import LandedCostParams
from entrepost.customs.terms_book import (
    CODE_MISSING,
    ORIGIN_RATE_MISSING,
    RATE_DOUBTFUL,
    RATE_MISSING,
    RATE_UNREADABLE,
    LineRate,
    TermsBook,
)
from entrepost.reference.destination_term import CONFIDENCES
from entrepost.reference.fx import FIX, MISSING
from entrepost.reference.scheme_number import malformed
from entrepost.tables.content_lines import COLUMNS, read_lines
from entrepost.tables.rules import compile_kernel

DUTY_UNKNOWN = finding_code("duty_unknown", "What duty a destination asks on a day was not found, or is disputed.")
WEIGHT_MISSING = finding_code(
    "duty_weight_missing", "A duty is asked by weight, and its line does not say what it weighs."
)
AMOUNTS = ("duty_minor", "tax_minor", "fees_minor", "total_minor")
FRAME = {
    "item_id": pl.String(),
    "currency": pl.String(),
    **dict.fromkeys(AMOUNTS, pl.Int64()),
    **dict.fromkeys(("collected", "rule", "as_of", "confidence"), pl.String()),
}
"""Columns of the answer, a row for each item; null where something is not known."""
FIXES = {
    CODE_MISSING: "give the code of the article",
    RATE_MISSING: "entrepost reference add tariff FILE",
    RATE_DOUBTFUL: "give the whole code",
    RATE_UNREADABLE: "look the article up by hand",
    ORIGIN_RATE_MISSING: "say where it was made, or ask the carrier",
    WEIGHT_MISSING: "give net_weight_g",
    DUTY_UNKNOWN: "ask the operator there",
}


@dataclass(frozen=True, slots=True)
class LandedCosts:
    """What is due: by item (the columns of `FRAME`), by line, and what was wrong or not known."""

    items: pl.DataFrame
    lines: pl.DataFrame
    findings: list[Finding]


def landed_cost(lines: pl.DataFrame, date: Day | str, params: LandedCostParams | None = None) -> pl.DataFrame:
    """What is due on each item at the border of its destination on a day.

    Parameters
    ----------
    lines : DataFrame
        A row for each content line, with the columns of the schema `content_lines`; amounts as decimal text.
    date : date or str
        The day of import, or its ISO text: it picks law, rates and exchange rates.
    params : LandedCostParams, optional
        What the law leaves to a choice.

    Returns
    -------
    DataFrame
        A row for each item in the order of its first line: item_id, currency, duty_minor, tax_minor, fees_minor,
        total_minor, collected, rule, as_of, confidence; null where something is not known.
    """
    return assess_lines(lines, _day(date), params).items


def assess_lines(
    lines: pl.DataFrame, day: Day, params: LandedCostParams | None = None, subject: str = "lines"
) -> LandedCosts:
    """The same with a breakdown by line and with what was wrong or not known.

    `lines` may also have been read already, by `read_lines` or `read_content_lines`.
    """
    read = None if set(COLUMNS) <= set(lines.columns) else read_lines(lines, subject)
    frame, findings = (lines, []) if read is None else (read.frame, read.findings)
    book = TermsBook(day, params or LandedCostParams())
    cases, ratios = records.find_ratios(records.gather(frame, book), book)
    line_figures = records.line_records(cases, ratios)
    item_figures = records.item_records(cases, line_figures, ratios)
    usable = _usable(cases, item_figures, ratios)
    results, parts = _assess(cases, item_figures, line_figures, usable)
    told = _in_currency(cases, results, parts, book)
    found = _findings(cases, ratios, item_figures, book, subject)
    found += [*_numbers(cases, subject), *_rates(cases, parts, usable, subject)]
    items = _told_items(frame, cases, told[0], usable, book.params.currency)
    return LandedCosts(items, _told_lines(cases, told[1]), [*findings, *found])


def _day(given: Day | str) -> Day:
    """A day, of itself or of its ISO text."""
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, Day):
        return given
    try:
        return Day.fromisoformat(given)
    except ValueError:
        raise MisuseError(f"{given!r} is not a day; write it like 2026-03-31") from None


def _assess(cases: Cases, items: Records, lines: Records, usable: Figures) -> tuple[Figures, Figures]:
    """Duty, tax, fees and who collects by item, duty and tax by line; -1 where something is not known."""
    results = np.full((cases.items.height, 4), UNKNOWN, dtype=np.int64)
    parts = np.full((cases.lines.height, 2), UNKNOWN, dtype=np.int64)
    if usable.any():
        chosen = np.full((int(usable.sum()), 4), UNKNOWN, dtype=np.int64)
        compile_kernel(assess_all)(records.term_records(cases.terms), items[usable], lines, parts, chosen)
        results[usable] = chosen
    return results, parts


def _usable(cases: Cases, items: Records, ratios: Sequence[tuple[int, int] | None]) -> Figures:
    """Which items have terms, an exchange rate and a value that amounts are worked out for."""
    known = np.array([ratio is not None for ratio in ratios] or [True])
    groups = cases.items.get_column("#ratio").to_numpy()
    usable: Figures = (cases.items_terms >= 0) & known[groups] & (items["value"] + items["extra"] <= MONEY[1])
    return usable


def _in_currency(cases: Cases, results: Figures, parts: Figures, book: TermsBook) -> tuple[Figures, Figures]:
    """The amounts in the currency that was asked for, where one was."""
    wanted = book.params.currency
    if not wanted:
        return results, parts
    ratios = [book.ratio(each.currency, wanted) for each in cases.terms]
    by_line = np.repeat(cases.items_terms, np.diff(cases.starts))
    results, parts = results.copy(), parts.copy()
    for figures, groups, columns in ((results, cases.items_terms, 3), (parts, by_line, 2)):
        missing = np.isin(groups, [place for place, ratio in enumerate(ratios) if ratio is None])
        for column in range(columns):
            amounts = convert_all(np.maximum(figures[:, column], 0), groups, ratios)
            figures[:, column] = np.where((figures[:, column] < 0) | missing, UNKNOWN, amounts)
    return results, parts


def _told_items(frame: pl.DataFrame, cases: Cases, results: Figures, usable: Figures, currency: str) -> pl.DataFrame:
    known = (results[:, :3] >= 0).all(axis=1)
    duty, tax, fees = (results[:, place] for place in range(3))
    least = np.where(duty > 0, records.confidences_of(cases), len(CONFIDENCES) - 1)
    held = np.array([CONFIDENCES.index(each.confidence) for each in cases.terms] + [0])[cases.items_terms]
    places = pl.Series(np.where(cases.items_terms < 0, len(cases.terms), cases.items_terms))
    sure = np.where(cases.items_terms < 0, len(CONFIDENCES), np.minimum(least, held))
    collected = np.where(usable, results[:, 3], len(COLLECTED))
    assessed = pl.DataFrame(
        {
            "item_id": cases.items.get_column("item_id"),
            "currency": _words([currency or each.currency for each in cases.terms], places),
            "duty_minor": duty,
            "tax_minor": tax,
            "fees_minor": fees,
            "total_minor": np.where(known, duty + tax + fees, UNKNOWN),
            "collected": _words(COLLECTED, pl.Series(collected)),
            "rule": _words([each.rule for each in cases.terms], places),
            "as_of": _words([each.as_of for each in cases.terms], places),
            "confidence": _words(CONFIDENCES, pl.Series(sure)),
        }
    )
    assessed = assessed.with_columns(pl.when(pl.col(name) >= 0).then(name).alias(name) for name in AMOUNTS)
    if frame.get_column("sound").all():
        return assessed.cast(FRAME)  # type: ignore[arg-type]
    every = frame.select(pl.col("item_id").unique(maintain_order=True))
    return every.join(assessed, on="item_id", how="left", maintain_order="left").cast(FRAME)  # type: ignore[arg-type]


def _told_lines(cases: Cases, parts: Figures) -> pl.DataFrame:
    amounts = pl.DataFrame({"duty_minor": parts[:, 0], "tax_minor": parts[:, 1]})
    told = amounts.select(pl.when(pl.col(name) >= 0).then(name).alias(name) for name in amounts.columns)
    named = cases.lines.select("item_id", "row", "hs_code", "origin", "description", "quantity")
    return pl.concat([named, told], how="horizontal")


def _words(words: Sequence[str], places: pl.Series) -> pl.Series:
    return pl.Series([*words, None], dtype=pl.String).gather(places)


def _findings(
    cases: Cases,
    ratios: Sequence[tuple[int, int] | None],
    items: Records,
    book: TermsBook,
    subject: str,
) -> list[Finding]:
    told = cases.items.with_columns(
        pl.Series("#terms", cases.items_terms),
        pl.Series("#missing", [ratio is None for ratio in ratios] or [False]).gather(cases.items.get_column("#ratio")),
        pl.Series("#beyond", items["value"] + items["extra"] > MONEY[1]),
    )
    nowhere = told.filter(pl.col("#terms") < 0)
    findings = [
        Finding(
            TERMS_MISSING,
            "destination",
            f"nothing is known of what {country} asks on {book.day} ({count:,} items)",
            subject,
            row,
            "ask the operator there",
        )
        for country, count, row in _counted(nowhere, "destination")
    ]
    unpriced = told.filter((pl.col("#terms") >= 0) & pl.col("#missing"))
    missing = [*_counted(unpriced, "currency", "#wanted"), *_untold(told, book)]
    findings += [
        Finding(
            MISSING,
            "currency",
            f"no rate from {given} to {wanted} on {book.day} ({count:,} items){book.say_last(given, wanted)}",
            subject,
            row,
            FIX,
        )
        for given, wanted, count, row in missing
    ]
    beyond = told.filter((pl.col("#terms") >= 0) & ~pl.col("#missing") & pl.col("#beyond"))
    findings += [
        Finding(VALUE_BEYOND, "unit_value", f"item {item[:40]} is beyond any value", subject, row, "correct it")
        for item, row in beyond.select("item_id", "row").iter_rows()
    ]
    return findings


def _untold(told: pl.DataFrame, book: TermsBook) -> list[tuple[Any, ...]]:
    """Currencies of laws that cannot become the one that was asked for, with how many items and the first line."""
    wanted = book.params.currency
    laws = _counted(told.filter(pl.col("#terms") >= 0), "#wanted") if wanted else []
    return [(law, wanted, count, row) for law, count, row in laws if book.ratio(law, wanted) is None]


def _counted(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The distinct values of columns with how many rows have them, and the first of their lines in the file."""
    grouped = frame.group_by(columns, maintain_order=True).agg(pl.len().alias("#count"), pl.col("row").min())
    return list(grouped.rows())


def _numbers(cases: Cases, subject: str) -> list[Finding]:
    """A warning for each seller's number that has not the form of the scheme."""
    schemes = pl.Series([*(each.scheme for each in cases.terms), ""], dtype=pl.String)
    places = pl.Series(np.where(cases.items_terms < 0, len(cases.terms), cases.items_terms))
    told = cases.items.with_columns(schemes.gather(places).alias("#scheme"), records.registered(cases))
    number = pl.col("seller_scheme_number")
    wrong = told.filter((pl.col("#scheme") != "") & (pl.col("registered") == 0) & number.is_not_null())
    rows = wrong.select("#scheme", number, "row").iter_rows()
    return [malformed(scheme, text, subject, row) for scheme, text, row in rows]


def _rates(cases: Cases, parts: Figures, usable: Figures, subject: str) -> list[Finding]:
    """A warning for each article whose duty is not known, once for all of its lines."""
    wrong = [each.wrong or (WEIGHT_MISSING if _by_weight(each) else DUTY_UNKNOWN) for each in cases.rates] + [""]
    places = pl.Series(np.where(cases.lines_rate < 0, len(cases.rates), cases.lines_rate))
    wrongs = pl.Series("#wrong", wrong, dtype=pl.String).gather(places)
    assessed = np.repeat(usable, np.diff(cases.starts))
    lines = cases.lines.with_columns(
        pl.when(pl.col("net_weight_g").is_not_null() & (wrongs == WEIGHT_MISSING))
        .then(pl.lit(DUTY_UNKNOWN))
        .otherwise(wrongs)
        .alias("#wrong"),
        pl.Series("#unknown", (parts[:, 0] < 0) & assessed & (cases.lines_rate >= 0)),
    )
    lines = lines.filter("#unknown").with_columns(
        pl.when(pl.col("#wrong") == DUTY_UNKNOWN).then(pl.lit("")).otherwise("hs_code").alias("hs_code")
    )
    return [
        Finding(
            code,
            "hs_code",
            f"the duty on {hs_code or 'an article'} of {origin or 'unknown origin'} in {country} is not known"
            f" ({count:,} lines)",
            subject,
            row,
            FIXES[code],
            "warning",
        )
        for code, country, hs_code, origin, count, row in _counted(lines, "#wrong", "destination", "hs_code", "origin")
    ]


def _by_weight(rate: LineRate) -> bool:
    figures = dict(zip(LineFigures._fields[LineFigures._fields.index("known") :], rate.figures, strict=True))
    return any(figures[name] > 0 for name in ("per_kg", "least_per_kg", "most_per_kg"))
