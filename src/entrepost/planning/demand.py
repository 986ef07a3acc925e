"""Weekly demand by seller and article, or by any other keys: counted, described, and what was out of stock left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.errors import MisuseError
from entrepost.tables.frames import conform

Floats = NDArray[np.float64]

WEEK = timedelta(days=7)
RECENT_WEEKS = 13
NEW_WEEKS = 8
"""An article that first sold so recently is new. Assumed."""
ENDED_SHARE = 0.02
"""An article that has not sold for so long that this was as improbable has ended. Assumed."""


@dataclass(frozen=True, slots=True)
class DemandPanel:
    """Pieces sold a week: a row per series in `keys`, and `counts` of shape (series, weeks), NaN where not known.

    The last week ends at `until`; only whole weeks count. A series is not known before its first sale, nor in weeks
    in which it was out of stock: then fewer were sold than were asked for.
    """

    keys: pl.DataFrame
    counts: Floats
    until: datetime

    def before(self, weeks: int) -> DemandPanel:
        """The panel as it was known so many weeks earlier; series that had not sold by then are all unknown."""
        return DemandPanel(self.keys, self.counts[:, : self.counts.shape[1] - weeks], self.until - weeks * WEEK)


def count_weeks(
    orders: pl.DataFrame,
    keys: tuple[str, ...] = ("seller", "sku"),
    as_of: datetime | None = None,
    out_of_stock: pl.DataFrame | None = None,
) -> DemandPanel:
    """Count pieces by week.

    Parameters
    ----------
    orders : DataFrame
        Rows of the table `orders`; lines with an empty key are left out.
    as_of : datetime, optional
        Orders from then on are not looked at; without it the weeks end behind the last order.
    out_of_stock : DataFrame, optional
        The keys and `day` (instants): the weeks of these days say nothing of demand.
    """
    lines = conform(orders, "orders").drop_nulls(list(keys))
    if as_of is not None:
        lines = lines.filter(pl.col("placed_at") < as_of)
    if lines.is_empty():
        raise MisuseError("there is no order whose demand could be counted")
    first, last = lines.select(first=pl.col("placed_at").min(), last=pl.col("placed_at").max()).row(0)
    until: datetime = as_of or last + timedelta(microseconds=1)
    weeks = max(1, int((until - first) / WEEK))
    series = lines.select(keys).unique().sort(keys).with_row_index("series")
    sold = _placed(lines, "placed_at", series, until, weeks)
    counts = np.zeros((series.height, weeks))
    pieces = sold.get_column("quantity").to_numpy()
    np.add.at(counts, (sold.get_column("series").to_numpy(), sold.get_column("week").to_numpy()), pieces)
    counts = _from_first_sale(counts)
    if out_of_stock is not None:
        absent = _placed(out_of_stock, "day", series, until, weeks)
        counts[absent.get_column("series").to_numpy(), absent.get_column("week").to_numpy()] = np.nan
    return DemandPanel(series.drop("series"), counts, until)


def _placed(rows: pl.DataFrame, at: str, series: pl.DataFrame, until: datetime, weeks: int) -> pl.DataFrame:
    """Rows with the number of their series and of their week, the last of which ends at `until`."""
    back = ((pl.lit(until) - pl.col(at)).dt.total_microseconds() - 1) // (WEEK // timedelta(microseconds=1))
    placed = rows.with_columns(week=weeks - 1 - back).filter(pl.col("week").is_between(0, weeks - 1))
    return placed.join(series, on=series.columns[1:])


def describe_demand(panel: DemandPanel) -> pl.DataFrame:
    """What a series is like: a row each.

    Returns
    -------
    DataFrame
        The keys; level (pieces a week in the last 13 known weeks), trend (the level over that of the 13 before, less
        one; null where they are not known), variability (deviation over mean), intermittence (weeks from one with a
        sale to the next), known_weeks, phase (new, growing, steady, falling, ended).
    """
    counts = panel.counts
    known = ~np.isnan(counts)
    sold = np.nan_to_num(counts)
    weeks = known.sum(axis=1)
    recent, older = counts[:, -RECENT_WEEKS:], counts[:, -2 * RECENT_WEEKS : -RECENT_WEEKS]
    level, before = _mean(recent), _mean(older)
    mean = sold.sum(axis=1) / np.maximum(weeks, 1)
    deviation = np.sqrt(np.maximum((sold**2).sum(axis=1) / np.maximum(weeks, 1) - mean**2, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        trend = np.where(before > 0, level / before - 1, np.nan)
        variability = np.where(mean > 0, deviation / mean, np.nan)
        intermittence = weeks / np.maximum((sold > 0).sum(axis=1), 1)
    silent = np.where(sold > 0, np.arange(counts.shape[1]), -1).max(axis=1)
    quiet = counts.shape[1] - 1 - silent
    ended = np.exp(-mean * quiet) < ENDED_SHARE
    phase = np.select(
        [ended, weeks <= NEW_WEEKS, trend > 0.25, trend < -0.25], ["ended", "new", "growing", "falling"], "steady"
    )
    return panel.keys.with_columns(
        level=pl.Series(np.nan_to_num(level)),
        trend=pl.Series(trend).fill_nan(None),
        variability=pl.Series(variability).fill_nan(None),
        intermittence=pl.Series(intermittence),
        known_weeks=pl.Series(weeks),
        phase=pl.Series(phase),
    )


def _from_first_sale(counts: Floats) -> Floats:
    """Weeks before the first sale are not known."""
    begun = np.cumsum(counts > 0, axis=1) > 0
    return np.where(begun, counts, np.nan)


def _mean(counts: Floats) -> Floats:
    known = (~np.isnan(counts)).sum(axis=1)
    return np.where(known > 0, np.nansum(counts, axis=1) / np.maximum(known, 1), np.nan)
