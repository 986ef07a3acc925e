"""Segments as a rule file that `choose` obeys, with the facts of cells beside it.

Country, weight and value are asked of the order itself, and what a region orders of the region; all other features are
looked up: first by seller, region and article, as far as they were sold there, then by seller, area and article, then
by seller and article. What was never sold is asked as what sells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, isfinite

import polars as pl

from entrepost.planning.segmentation.cells import MarketSegments, NamedPolicy, SegmentMarket
from entrepost.planning.segmentation.words import Bounds, Vocabulary, list_bounds, say_segment
from entrepost.planning.segments import Segmentation

OWN = {"weight_g": ("weight", "g"), "unit_value_minor": ("value", "minor")}
"""Features that an order has itself, and how rules name them."""

OF_REGION = ("region_items_year",)
RANKINGS = {"post": "least_cost", "seller": "balanced"}
"""By what the mail that costs least is chosen."""
LOOKED_UP_BY = (("seller", "region", "sku"), ("seller", "area", "sku"), ("seller", "sku"))


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule file's text, and the files that must lie beside it by their names."""

    text: str
    files: Mapping[str, pl.DataFrame]


def to_rules(found: MarketSegments, articles: pl.DataFrame, vocabulary: Vocabulary | None = None) -> RuleText:
    """Write segments as a rule file.

    Parameters
    ----------
    found : MarketSegments
        The segments.
    articles : DataFrame
        seller, region, area, sku, cell: in which cell an article lies where it was sold.
    vocabulary : Vocabulary, optional
        Names of services for the names of the rules.

    Returns
    -------
    RuleText
        A rule for each segment, in order; the rules exclude each other and together match every order to a country
        that is known.
    """
    words = vocabulary or Vocabulary()
    asked = [list_bounds(segment, found.found.labels) for segment in found.found.segments]
    columns = {column for bounds in asked for column in bounds if column not in found.found.labels}
    figures = [found.found.names[column] for column in sorted(columns) if found.found.names[column] not in OWN]
    files = _facts(found.market.cells, articles, figures)
    parts = [_facts_text(name, frame, figures) for name, frame in files.items()]
    for number, segment in enumerate(found.found.segments):
        policy = found.policy(number)
        name = f"{say_segment(segment, found.found, words)}: {words.policy(policy)}"
        stock = (found.market.stock_service,) if policy.stocked else ()
        when = _when(asked[number], found.found)
        parts.append(_rule_text(name, when, _served(policy, stock, found.market)))
    return RuleText("\n".join(parts), files)


def _when(bounds: Mapping[int, Bounds], found: Segmentation) -> list[str]:
    """The conditions of a rule."""
    conditions = []
    for column, bound in bounds.items():
        name = found.names[column]
        if bound.among is not None:
            texts = [found.labels[column][number] for number in sorted(bound.among)]
            conditions.append(f"{name} = {_texts(texts)}")
            continue
        for side, value in (("over", bound.over), ("to", bound.upto)):
            if isfinite(value) and name in OWN:
                what, unit = OWN[name]
                conditions.append(f"{what}_{side}_{unit} = {floor(value)}")
            elif isfinite(value):
                conditions.append(f"{name}_{side} = {value!r}")
    return conditions


def _served(policy: NamedPolicy, stock: Sequence[str], market: SegmentMarket) -> str:
    """The lines that say by what services."""
    if policy.services:
        return f"services = {_texts((*stock, *policy.services))}\n"
    first = f"first = {_texts(stock)}\n" if stock else ""
    day = max(0, round(policy.day_minor))
    among = f"services = {_texts(market.mail)}\n"
    return f'{first}{among}policy = "{RANKINGS[market.side]}"\nday_value_minor = {day}\n'


def _rule_text(name: str, conditions: Sequence[str], served: str) -> str:
    when = f"when = {{ {', '.join(conditions)} }}\n" if conditions else ""
    return f"[[rule]]\nname = {_quoted(name)}\n{when}{served}"


def _facts_text(file: str, frame: pl.DataFrame, figures: Sequence[str]) -> str:
    by = [name for name in frame.columns if name not in figures]
    otherwise = ", ".join(f"{name} = 0.0" for name in frame.columns if name in figures)
    return f"[[facts]]\nfile = {_quoted(file)}\nby = {_texts(by)}\notherwise = {{ {otherwise} }}\n"


def _facts(cells: pl.DataFrame, articles: pl.DataFrame, figures: Sequence[str]) -> dict[str, pl.DataFrame]:
    """The figures by region, and by article and place: of several cells those of the one with most items."""
    files = {}
    if of_region := [name for name in figures if name in OF_REGION]:
        files["facts-region.csv"] = cells.select("region", *of_region).unique("region").sort("region")
    figures = [name for name in figures if name not in OF_REGION]
    if not figures:
        return files
    known = articles.join(cells.select("cell", "items_year", *(set(figures) - {"items_year"})), on="cell")
    known = known.sort("items_year", "cell", descending=[True, False])
    return files | {
        f"facts-{'-'.join(by)}.csv": known.unique(by, keep="first", maintain_order=True).select(*by, *figures).sort(by)
        for by in LOOKED_UP_BY
    }


def _texts(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _quoted(text: str) -> str:
    """A TOML string."""
    shown = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else " " for each in shown) + '"'
