"""What acting now on an exception saves: item-days of delay, and promises that can still be kept.

Whoever acts now gains the time until somebody would have asked anyway: a recipient whose item should have come,
or the one who reviews the figures of a step. Of that time counts the share in which something is wrong at all, and
of this the share that asking ends; both are assumed (`ExceptionParams`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.journey.silence import Silence
from entrepost.operations.exceptions_found import (
    DEPARTURE_MISSED,
    DEPARTURE_MISSING,
    DISPATCH_MISSING,
    ITEM_SILENT,
    PARTNER_QUIET,
    STEP_SLOW,
    Found,
)
from entrepost.operations.exceptions_params import MILLION, ExceptionParams

Floats = NDArray[np.float64]

DAY_HOURS = 24.0
HELPED = {
    PARTNER_QUIET: "helped_partner",
    DISPATCH_MISSING: "helped_dispatch",
    DEPARTURE_MISSING: "helped_dispatch",
    DEPARTURE_MISSED: "helped_dispatch",
    STEP_SLOW: "helped_lane",
    ITEM_SILENT: "helped_item",
}
"""The setting that says what asking ends, of each kind."""


@dataclass(frozen=True)
class Outlook:
    """Of each item, in hours of the timeline: when somebody will ask for it, what is usually left, what is promised.

    `asked`: the hour of asking; `left`: the usual hours from its next scan on; `promised`: nan where nothing is.
    """

    asked: Floats
    left: Floats
    promised: Floats
    now: int


def look_out(silence: Silence, params: ExceptionParams, promised: pl.DataFrame) -> Outlook:
    """What becomes of every item if nobody acts.

    Parameters
    ----------
    promised : DataFrame
        tenant, seller, item_id, and arrive_by: the instant until which it is promised; may be empty.
    """
    watch = silence.watch
    now, due = watch.history.as_of, _promised(silence, promised)
    middle, high = _usual(silence)
    usual = watch.heard + high
    asked = np.maximum(np.where(np.isnan(due), usual, due), now) + params.patience_days * DAY_HOURS
    return Outlook(np.minimum(asked, now + params.asked_days_most * DAY_HOURS), middle, due, now)


def save(found: Found, outlook: Outlook, params: ExceptionParams) -> tuple[float, float]:
    """The item-days that acting now saves, and the promises that it still keeps."""
    helped: float = getattr(params, HELPED[found.kind])
    if found.kind == STEP_SLOW:
        many = found.items.size + found.begun_a_day * params.review_days
        return helped * many * found.extra_hours / DAY_HOURS, 0.0
    worth = helped * trouble_of(found.chance, params)
    asked, promised = outlook.asked[found.items], outlook.promised[found.items]
    days = float((asked - outlook.now).sum()) / DAY_HOURS
    needed = params.act_days * DAY_HOURS + outlook.left[found.items]
    with np.errstate(invalid="ignore"):
        rescued = (outlook.now + needed <= promised) & (asked + needed > promised)
    return worth * days, worth * float(rescued.sum())


def trouble_of(chance: float, params: ExceptionParams) -> float:
    """How probable it is that something is wrong, where a silence has this chance if nothing is (Bayes)."""
    share = params.trouble_per_million / MILLION
    return share / (share + (1 - share) * chance) if share else 0.0


def _usual(silence: Silence) -> tuple[Floats, Floats]:
    """Of each item the usual hours from its last milestone to the end, in the middle and for nine in ten.

    Stages vary by themselves, so what nine in ten stay below adds up as squares do.
    """
    watch, stages = silence.watch, silence.watch.history.stages
    if not stages.rows.size:
        return np.zeros(watch.milestone.size), np.zeros(watch.milestone.size)
    begin = np.minimum(stages.first[watch.scans.journey] + np.maximum(watch.milestone, 0), stages.rows.size - 1)
    end = stages.first[watch.scans.journey + 1]
    middle = np.concatenate([[0.0], np.cumsum(stages.rows["median"])])
    spread = np.concatenate([[0.0], np.cumsum((stages.rows["p90"] - stages.rows["median"]) ** 2)])
    usual = np.maximum(middle[end] - middle[begin], 0.0)
    return usual, usual + np.sqrt(np.maximum(spread[end] - spread[begin], 0.0))


def _promised(silence: Silence, promised: pl.DataFrame) -> Floats:
    """Of each item the hour of the timeline until which it is promised; nan for none."""
    names = ["tenant", "seller", "item_id"]
    items = silence.watch.items.select(names)
    if promised.is_empty():
        return np.full(items.height, np.nan)
    given = promised.group_by(names).agg(pl.col("arrive_by").min())
    joined = items.join(given, on=names, how="left", nulls_equal=True, maintain_order="left")
    hours = pl.col("arrive_by").dt.epoch("us") / HOUR_US - silence.watch.first_hour
    found: Floats = joined.select(hours.fill_null(float("nan"))).to_series().to_numpy()
    return found
