"""Content lines become records of whole numbers, as the compiled kernel takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from entrepost.customs.assess import BY_ORIGIN, SALE, UNKNOWN, ItemFigures, LineFigures, TermFigures
from entrepost.customs.duty_rules import MONEY
from entrepost.customs.item_cost import CODE_DIGITS, NATURES, converted
from entrepost.customs.terms_book import BY_ARTICLE, NO_RATE, HeldTerms, LineRate, TermsBook
from entrepost.reference.destination_term import CONFIDENCES, UNKNOWN_ORIGIN
from entrepost.reference.table import read_dated

Figures = np.ndarray[Any, np.dtype[np.int64]]
Records = np.ndarray[Any, Any]
BEYOND = MONEY[1] + 1
PLACE = "#item"
WORDS = ("destination", "region", "currency", "seller_scheme_number", "nature")


@dataclass(frozen=True, slots=True)
class Cases:
    """Sound items with their lines in one order, the terms that hold for them, and where each begins.

    `items` has a row for each item, `lines` one for each of its lines, item after item. `terms` and `rates` are
    looked up by `items_terms` and `lines_rate`, -1 where nothing is known.
    """

    items: pl.DataFrame
    lines: pl.DataFrame
    starts: Figures
    terms: Sequence[HeldTerms]
    items_terms: Figures
    rates: Sequence[LineRate]
    lines_rate: Figures


def gather(frame: pl.DataFrame, book: TermsBook) -> Cases:
    """Put the lines of each item together and look up what holds for them."""
    lines = frame.filter("sound").with_columns(pl.col("origin", "hs_code", "region").fill_null(""))
    items = lines.group_by("item_id", maintain_order=True).agg(
        pl.col("destination", "region", "currency", "carriage_minor", "insurance_minor").first(),
        pl.col("seller_scheme_number", "nature", "row").first(),
        pl.len().alias("count"),
    )
    items = items.with_row_index(PLACE)
    if items.height == lines.height:
        lines = lines.with_row_index(PLACE)
    else:
        lines = lines.join(items.select("item_id", PLACE), on="item_id", how="left", maintain_order="left")
        lines = lines.sort(PLACE, maintain_order=True)
    counts = items.get_column("count").to_numpy().astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    terms, items_terms = _find_terms(items, lines, book)
    rates, lines_rate = _find_rates(
        lines.with_columns(pl.Series("#terms", np.repeat(items_terms, counts))), terms, book
    )
    return Cases(items, lines, starts, terms, items_terms, rates, lines_rate)


def line_records(cases: Cases, ratios: Sequence[tuple[int, int] | None]) -> Records:
    """A record of `LineFigures` for each line; `ratios` by the terms of items and their currency."""
    rates = np.array([rate.figures for rate in cases.rates] + [NO_RATE], dtype=np.int64)[cases.lines_rate]
    records = np.zeros(cases.lines.height, [(name, np.int64) for name in LineFigures._fields])
    counts = np.diff(cases.starts)
    groups = np.repeat(cases.items.get_column("#ratio").to_numpy(), counts)
    records["value"] = convert_all(whole(cases.lines, "value_minor"), groups, ratios)
    records["weight_g"] = whole(cases.lines, "net_weight_g", UNKNOWN)
    records["quantity"] = whole(cases.lines, "quantity")
    code = pl.col("hs_code").str.slice(0, CODE_DIGITS)
    first = pl.struct(pl.col(PLACE), code).is_first_distinct().cast(pl.Int64)
    flagged = cases.lines.select(pl.when(code == "").then(UNKNOWN).otherwise(first).alias("first"))
    records["first"] = whole(flagged, "first")
    for place, name in enumerate(LineFigures._fields[4:]):
        records[name] = rates[:, place]
    return records


def item_records(cases: Cases, lines: Records, ratios: Sequence[tuple[int, int] | None]) -> Records:
    """A record of `ItemFigures` for each item."""
    records = np.zeros(cases.items.height, [(name, np.int64) for name in ItemFigures._fields])
    groups = cases.items.get_column("#ratio").to_numpy()
    extra = whole(cases.items, "carriage_minor") + whole(cases.items, "insurance_minor")
    starts = cases.starts[:-1]
    records["value"] = np.add.reduceat(lines["value"], starts) if len(starts) else 0
    records["extra"] = convert_all(extra, groups, ratios)
    records["weight_g"] = np.add.reduceat(np.maximum(lines["weight_g"], 0), starts) if len(starts) else 0
    records["piece_most"] = _dearest(cases, groups, ratios)
    nature = pl.col("nature").replace_strict(NATURES, default=SALE, return_dtype=pl.Int64)
    records["nature"] = cases.items.select(nature).to_series().to_numpy()
    records["registered"] = registered(cases).to_numpy()
    records["terms"] = cases.items_terms
    records["start"], records["stop"] = starts, cases.starts[1:]
    return records


def term_records(terms: Sequence[HeldTerms]) -> Records:
    """A record of `TermFigures` for each terms."""
    return np.array([tuple(each.figures) for each in terms], [(name, np.int64) for name in TermFigures._fields])


def registered(cases: Cases) -> pl.Series:
    """1 for each item whose seller's number has the form of the destination's scheme."""
    schemes = [each.scheme for each in cases.terms]
    number = cases.items.get_column("seller_scheme_number").fill_null("")
    found = np.zeros(cases.items.height, dtype=np.int64)
    for scheme in sorted({each for each in schemes if each}):
        pattern = read_dated("scheme_numbers", "scheme").at(scheme)["pattern"]
        inside = np.isin(cases.items_terms, [place for place, each in enumerate(schemes) if each == scheme])
        sound = number.str.contains(f"^(?:{pattern})$").to_numpy()
        found[inside & sound] = 1
    return pl.Series("registered", found)


def find_ratios(cases: Cases, book: TermsBook) -> tuple[Cases, list[tuple[int, int] | None]]:
    """The cases with the place of each item's exchange rate as `#ratio`, and the rates."""
    wanted = pl.Series([*(each.currency for each in cases.terms), None], dtype=pl.String)
    items = cases.items.with_columns(wanted.gather(_or_last(cases.items_terms, len(cases.terms))).alias("#wanted"))
    pairs = items.select("currency", "#wanted").unique(maintain_order=True)
    ratios = [None if to is None else book.ratio(given, to) for given, to in pairs.iter_rows()]
    pairs = pairs.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("#ratio"))
    items = items.join(pairs, on=["currency", "#wanted"], how="left", nulls_equal=True, maintain_order="left")
    return Cases(items, cases.lines, *_others(cases)), ratios


def convert_all(amounts: Figures, groups: Figures, ratios: Sequence[tuple[int, int] | None]) -> Figures:
    """Amounts in other currencies, each rounded half up once; where a rate is missing they stay."""
    result = amounts.astype(np.int64)
    for place, ratio in enumerate(ratios):
        if ratio is None or ratio[0] == ratio[1]:
            continue
        mask = groups == place
        distinct, back = np.unique(amounts[mask], return_inverse=True)
        exact = [min(converted(int(amount), ratio), BEYOND) for amount in distinct]
        result[mask] = np.array(exact, dtype=np.int64)[back]
    return result


def whole(frame: pl.DataFrame, name: str, missing: int = 0) -> Figures:
    """A column of whole numbers."""
    return frame.get_column(name).fill_null(missing).to_numpy().astype(np.int64)


def confidences_of(cases: Cases) -> Figures:
    """The least confidence of the rates of each item's lines, as its place in `CONFIDENCES`."""
    places = np.array([CONFIDENCES.index(each.confidence) for each in cases.rates] + [len(CONFIDENCES) - 1])
    starts = cases.starts[:-1]
    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    least: Figures = np.minimum.reduceat(places[cases.lines_rate], starts)
    return least


def _dearest(cases: Cases, groups: Figures, ratios: Sequence[tuple[int, int] | None]) -> Figures:
    """The dearest piece of each item, where a scheme goes by it."""
    asks = [bool(each.figures.scheme_by_piece) for each in cases.terms]
    if not any(asks):
        return np.zeros(cases.items.height, dtype=np.int64)
    most = np.maximum.reduceat(whole(cases.lines, "unit_value_minor"), cases.starts[:-1])
    return convert_all(most, groups, ratios)


def _find_terms(items: pl.DataFrame, lines: pl.DataFrame, book: TermsBook) -> tuple[list[HeldTerms], Figures]:
    pairs = lines.select("destination", "origin").unique(maintain_order=True).iter_rows()
    special = [pair for pair in pairs if book.is_special(*pair)]
    keys = items.select("destination", "region", pl.lit("").alias("special"))
    if special:
        marked = pl.DataFrame(special, ["destination", "origin"], orient="row")
        least = lines.join(marked, on=["destination", "origin"], how="semi").group_by(PLACE).agg(pl.col("origin").min())
        joined = items.select(PLACE).join(least, on=PLACE, how="left", maintain_order="left")
        origin = joined.get_column("origin").replace("", UNKNOWN_ORIGIN).fill_null("")
        keys = keys.with_columns(origin.alias("special"))
    distinct = keys.unique(maintain_order=True)
    terms: list[HeldTerms] = []
    places = []
    for destination, region, origin in distinct.iter_rows():
        found = book.find_terms(destination, region, [origin] if origin else [])
        places.append(len(terms) if found else UNKNOWN)
        terms += [found] if found else []
    return terms, _place(keys, distinct, places)


def _find_rates(lines: pl.DataFrame, terms: Sequence[HeldTerms], book: TermsBook) -> tuple[list[LineRate], Figures]:
    keys = lines.select(
        _same_law(terms).gather(_or_last(whole(lines, "#terms"), len(terms))).alias("#terms"),
        *(
            pl.when(pl.col("#terms").is_in(_hanging(terms, methods))).then(name).otherwise(pl.lit("")).alias(name)
            for name, methods in (("hs_code", BY_ARTICLE), ("origin", (BY_ORIGIN,)))
        ),
    )
    distinct = keys.unique(maintain_order=True)
    rates: list[LineRate] = []
    places = []
    for place, code, origin in distinct.iter_rows():
        places.append(len(rates) if place >= 0 else UNKNOWN)
        rates += [book.line_rate(terms[place], code, origin)] if place >= 0 else []
    return rates, _place(keys, distinct, places)


def _same_law(terms: Sequence[HeldTerms]) -> pl.Series:
    """For each terms the first that has the same duties; -1 behind them all."""
    firsts: dict[tuple[str, str], int] = {}
    places = [firsts.setdefault((each.law, each.rule), place) for place, each in enumerate(terms)]
    return pl.Series([*places, UNKNOWN], dtype=pl.Int64)


def _hanging(terms: Sequence[HeldTerms], methods: Sequence[int]) -> list[int]:
    """The terms whose duty is worked out in one of these ways."""
    return [place for place, each in enumerate(terms) if each.figures.duty_method in methods]


def _place(keys: pl.DataFrame, distinct: pl.DataFrame, places: Sequence[int]) -> Figures:
    table = distinct.with_columns(pl.Series("#place", places, dtype=pl.Int64))
    joined = keys.join(table, on=keys.columns, how="left", maintain_order="left")
    return joined.get_column("#place").to_numpy().astype(np.int64)


def _or_last(places: Figures, last: int) -> pl.Series:
    return pl.Series(np.where(places < 0, last, places))


def _others(cases: Cases) -> tuple[Any, ...]:
    return cases.starts, cases.terms, cases.items_terms, cases.rates, cases.lines_rate
