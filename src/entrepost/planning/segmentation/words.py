"""Segments in words that people read: to whom, which goods, how often, and how they are served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from entrepost.base.money import format_minor
from entrepost.planning.segmentation.axes import readable
from entrepost.planning.segmentation.cells import MarketSegments, NamedPolicy
from entrepost.planning.segments import Segment, Segmentation, share_of

WEEKS = 365 / 7
MOST_NAMED, FIRST_NAMED = 12, 5
"""More texts than that are named by those that are left out, where these are fewer; of too many only the first."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the questions that lead to a segment leave of one feature: a figure's bounds, or some of the texts."""

    over: float = float("-inf")
    upto: float = float("inf")
    among: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What services and other texts, such as countries, are called; the currency and the digits of its minor unit.

    `weight` of a text, such as its items: of many those of most weight are named first.
    """

    services: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""
    exponent: int = 2
    texts: Mapping[str, str] = field(default_factory=dict)
    weight: Mapping[str, float] = field(default_factory=dict)

    def figure(self, name: str, value: float, over: bool) -> str:
        """A bound of a feature in words."""
        more, less = PHRASES.get(name, (f"{name} over {{}}", f"{name} up to {{}}"))
        return (more if over else less).format(self._written(name, value))

    def policy(self, policy: NamedPolicy) -> str:
        """How a segment is served, in words."""
        named = policy.services[0] if policy.services else ""
        least = f"the mail that costs least, a day at {self._written('_minor', policy.day_minor)}"
        direct = self.services.get(named, named) or least
        return f"from stock where it lies, else {direct}" if policy.stocked else f"by {direct}"

    def _written(self, name: str, value: float) -> str:
        if name.endswith("_minor"):
            return f"{format_minor(round(value), self.exponent)} {self.currency}".strip()
        return f"{float(readable(pl.Series([value / SCALES.get(name, 1.0)]).to_numpy())[0]):,.10g}"


PHRASES = {
    "weight_g": ("heavier than {} g", "up to {} g"),
    "items_year": ("more than {} a week", "at most {} a week"),
    "region_items_year": ("where more than {} a week are ordered", "where at most {} a week are ordered"),
    "unit_value_minor": ("worth more than {}", "worth up to {}"),
    "value_day_minor": ("a day worth more than {}", "a day worth up to {}"),
    "variability": ("demand that varies by more than {} of its mean", "demand that varies by at most {} of its mean"),
    "intermittence": ("sold less often than every {} weeks", "sold at least every {} weeks"),
    "urgency": ("wanted soon by more than {} %", "wanted soon by at most {} %"),
}
"""How a bound is said, above and up to; a feature without a phrase is named as it is."""

SCALES = {"items_year": WEEKS, "region_items_year": WEEKS, "urgency": 0.01}
"""By what a figure is divided before it is said."""


def list_segments(found: MarketSegments, vocabulary: Vocabulary | None = None) -> pl.DataFrame:
    """The segments as people read them.

    Returns
    -------
    DataFrame
        segment (from 1), words, served (how), stocked, service (the first direct one; null: what costs least),
        cells, items_year, share (of all
        items), regret_minor, regret_share (of the whole saving).
    """
    words = vocabulary or Vocabulary()
    total = sum(each.weight for each in found.found.segments)
    rows = []
    for number, segment in enumerate(found.found.segments):
        policy = found.policy(number)
        rows.append(
            {
                "segment": number + 1,
                "words": say_segment(segment, found.found, words),
                "served": words.policy(policy),
                "stocked": policy.stocked,
                "service": policy.services[0] if policy.services else None,
                "cells": segment.cells,
                "items_year": segment.weight,
                "share": segment.weight / total,
                "regret_minor": segment.regret,
                "regret_share": share_of(segment.regret, found.found.saving),
            }
        )
    return pl.DataFrame(rows, schema_overrides={"service": pl.String})


def say_segment(segment: Segment, found: Segmentation, vocabulary: Vocabulary) -> str:
    """To whom and for what a segment is, such as ``to US and CA, up to 500 g``."""
    parts: list[str] = []
    for column, bounds in list_bounds(segment, found.labels).items():
        name = found.names[column]
        if bounds.among is not None:
            labels = found.labels[column]
            order = sorted(range(len(labels)), key=lambda number: -vocabulary.weight.get(labels[number], 0.0))
            among = [number for number, place in enumerate(order) if place in bounds.among]
            parts.insert(0, say_among(among, [vocabulary.texts.get(labels[place], labels[place]) for place in order]))
            continue
        for value, over in ((bounds.over, True), (bounds.upto, False)):
            if abs(value) != float("inf"):
                parts.append(vocabulary.figure(name, value, over))
    return ", ".join(parts) or "everything"


def list_bounds(segment: Segment, labels: Mapping[int, Sequence[str]]) -> dict[int, Bounds]:
    """The questions of a segment, one for each feature: later ones narrow down earlier ones."""
    bounds: dict[int, Bounds] = {}
    for question, answer in segment.asked:
        old = bounds.get(question.column, Bounds())
        if question.among:
            every = frozenset(range(len(labels[question.column])))
            given = frozenset(question.among) if answer else every - frozenset(question.among)
            new = Bounds(among=given if old.among is None else old.among & given)
        elif answer:
            new = Bounds(old.over, min(old.upto, question.upto))
        else:
            new = Bounds(max(old.over, question.upto), old.upto)
        bounds[question.column] = new
    return bounds


def say_among(numbers: Sequence[int], texts: Sequence[str]) -> str:
    """The texts of some numbers in a list, or those that are left out where they are fewer; of many the first."""
    left = [text for number, text in enumerate(texts) if number not in set(numbers)]
    named = [texts[number] for number in numbers]
    if len(named) > MOST_NAMED and len(left) < len(named):
        return f"to all but {_listed(left)}"
    return f"to {_listed(named)}"


def _listed(texts: Sequence[str]) -> str:
    if len(texts) > MOST_NAMED:
        texts = [*texts[:FIRST_NAMED], f"{len(texts) - FIRST_NAMED} more"]
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)
