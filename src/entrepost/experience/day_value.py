"""What a day of wait and a broken promise weigh in each segment: in score points, and in money that is assumed.

The points are an association (see `satisfaction`). What a point is worth is nowhere observed: it is stated
by whoever asks, and called assumed. With it, a segment's `day_value_minor` is what `policy.Balanced` takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.experience.satisfaction import Satisfaction

LATE_DAYS = 2.0
"""How late a broken promise is unless a segment says it. Assumed."""

SPAN_DAYS = 7.0
"""A day is weighed as the mean of so many around the wait: one stretch of a fitted curve may be level by chance."""

CONDITIONS = ("origin", "country")
"""Columns of segments that a seller's rule can ask for by a list."""

BOUNDS = ("value_over_minor", "value_to_minor", "weight_over_g", "weight_to_g")
"""Columns of segments that a seller's rule can ask for as a bound."""


@dataclass(frozen=True, slots=True)
class PointWorth:
    """What one point of score is worth per order, in minor units of the network's currency. Assumed, always.

    `by_price_class` says it for the classes of the column `price_class`; all others take `point_minor`.
    """

    point_minor: int
    by_price_class: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if min(self.point_minor, *self.by_price_class.values(), 0) < 0:
            raise MisuseError("a point of score is worth at least nothing")


def weigh_segments(satisfaction: Satisfaction, segments: pl.DataFrame, worth: PointWorth | None = None) -> pl.DataFrame:
    """What a day longer and a broken promise go with, for each segment.

    Parameters
    ----------
    satisfaction : Satisfaction
    segments : DataFrame
        A row a segment: `wait_days`, the wait at which a day is weighed; where there are, `origin` and
        `country` (the lane), `late_days` (how late a broken promise is; missing: `LATE_DAYS`),
        `price_class`, and any others.
    worth : PointWorth, optional
        What a point of score is worth: an assumption. Without it there is no money.

    Returns
    -------
    DataFrame
        The segments with the points of mean score that go with a day more (`day_points`, the mean of the
        `SPAN_DAYS` around the wait) and with a broken promise (`broken_points`), at least 0; with a worth
        also `day_value_minor` and `broken_value_minor`, in whole minor units.
    """
    nobody = pl.lit(None, pl.Boolean)
    late = pl.col("late_days").fill_null(LATE_DAYS) if "late_days" in segments.columns else pl.lit(LATE_DAYS)
    kept = segments.with_columns(late_days=pl.lit(0.0), before=nobody)
    sooner = (pl.col("wait_days") - SPAN_DAYS / 2).clip(0.0, None)
    quick, slow = (kept.with_columns(wait_days=sooner + days) for days in (0.0, SPAN_DAYS))
    broken = segments.with_columns(late_days=late, before=nobody)
    mean = {
        name: satisfaction.predict(each).get_column("score_mean")
        for name, each in (("kept", kept), ("quick", quick), ("slow", slow), ("broken", broken))
    }
    weighed = segments.with_columns(
        day_points=((mean["quick"] - mean["slow"]) / SPAN_DAYS).clip(0.0, None),
        broken_points=(mean["kept"] - mean["broken"]).clip(0.0, None),
    )
    if worth is None:
        return weighed
    point = pl.lit(worth.point_minor)
    if "price_class" in segments.columns and worth.by_price_class:
        point = pl.col("price_class").replace_strict(worth.by_price_class, default=worth.point_minor)
    return weighed.with_columns(
        day_value_minor=_minor(pl.col("day_points") * point), broken_value_minor=_minor(pl.col("broken_points") * point)
    )


def format_rules(weighed: pl.DataFrame) -> str:
    """The segments as a seller's rule file: each takes the balanced policy with its own value of a day.

    Parameters
    ----------
    weighed : DataFrame
        What `weigh_segments` gave with a worth; of its columns `origin`, `country`, `value_over_minor`,
        `value_to_minor`, `weight_over_g` and `weight_to_g` become conditions, and `segment` the rule's name.
    """
    if "day_value_minor" not in weighed.columns:
        raise MisuseError("the segments have no day_value_minor; weigh them with a PointWorth")
    return "# Values of a day from scores: an association, and a worth of a point that is assumed.\n" + "".join(
        _rule(row, number) for number, row in enumerate(weighed.iter_rows(named=True), 1)
    )


def _rule(row: dict[str, object], number: int) -> str:
    name = json.dumps(str(row.get("segment") or f"segment {number}"), ensure_ascii=False)
    lists = [f"{key} = [{json.dumps(row[key])}]" for key in CONDITIONS if row.get(key)]
    bounds = [f"{key} = {row[key]}" for key in BOUNDS if row.get(key) is not None]
    when = f"when = {{ {', '.join([*lists, *bounds])} }}\n" if lists or bounds else ""
    return f'\n[[rule]]\nname = {name}\n{when}policy = "balanced"\nday_value_minor = {row["day_value_minor"]}\n'


def _minor(value: pl.Expr) -> pl.Expr:
    """Half away from zero, as all money; values are not negative."""
    return (value + 0.5).floor().cast(pl.Int64)
