"""How good forecasts of demand are on weeks that were held out, beside the naive ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import poisson

from entrepost.base.errors import MisuseError
from entrepost.planning.demand import DemandPanel
from entrepost.planning.demand_forecast import LEVELS, YEAR_WEEKS, forecast_demand, pinball

Floats = NDArray[np.float64]


def naive(panel: DemandPanel, weeks: int, levels: tuple[float, ...] = LEVELS) -> Floats:
    """As much as in the last week; quantiles as if sales came at that rate by chance."""
    last = np.nan_to_num(panel.counts[:, -1])
    return _by_chance(np.repeat(last[:, None], weeks, axis=1), levels)


def seasonal_naive(panel: DemandPanel, weeks: int, levels: tuple[float, ...] = LEVELS) -> Floats:
    """As much as in the same week of the year before; where that is not known, as in the last week."""
    counts, last = panel.counts, np.nan_to_num(panel.counts[:, -1])
    mean = np.repeat(last[:, None], weeks, axis=1)
    for ahead in range(min(weeks, YEAR_WEEKS)):
        week = counts.shape[1] - YEAR_WEEKS + ahead
        if week >= 0:
            mean[:, ahead] = np.where(np.isnan(counts[:, week]), last, counts[:, week])
    return _by_chance(mean, levels)


def measure_forecasts(panel: DemandPanel, held_out: int, weeks: int = 4) -> pl.DataFrame:
    """Forecast the last weeks of a panel from what was known before each, and compare.

    Parameters
    ----------
    held_out : int
        So many weeks at the end are forecast, each from one to `weeks` weeks before it.

    Returns
    -------
    DataFrame
        A row per method (ours, naive, seasonal_naive): pinball_loss, covered (the share of what was sold that lies
        within P10 and P90), forecasts.
    """
    if held_out < weeks or panel.counts.shape[1] <= held_out:
        raise MisuseError(f"{held_out} of {panel.counts.shape[1]} weeks cannot be held out for {weeks} weeks ahead")
    methods: dict[str, Callable[[DemandPanel], Floats]] = {
        "ours": lambda before: forecast_demand(before, weeks).quantiles,
        "naive": lambda before: naive(before, weeks),
        "seasonal_naive": lambda before: seasonal_naive(before, weeks),
    }
    starts = range(held_out, weeks - 1, -weeks)
    rows = [(name, *_measured(panel, starts, weeks, method)) for name, method in methods.items()]
    return pl.DataFrame(rows, schema=["method", "pinball_loss", "covered", "forecasts"], orient="row")


def _measured(
    panel: DemandPanel, starts: range, weeks: int, method: Callable[[DemandPanel], Floats]
) -> tuple[float, float, int]:
    losses, inside, count = [], 0, 0
    for start in starts:
        before = panel.before(start)
        known = ~np.isnan(before.counts).all(axis=1)
        begin = panel.counts.shape[1] - start
        sold = panel.counts[known, begin : begin + weeks]
        quantiles = method(DemandPanel(before.keys.filter(pl.Series(known)), before.counts[known], before.until))
        losses.append(pinball(sold, quantiles, LEVELS))
        inside += int(((quantiles[:, :, 0] <= sold) & (sold <= quantiles[:, :, -1])).sum())
        count += int((~np.isnan(sold)).sum())
    return float(np.mean(losses)), inside / max(count, 1), count


def _by_chance(mean: Floats, levels: tuple[float, ...]) -> Floats:
    return np.stack([poisson.ppf(level, np.maximum(mean, 1e-9)) for level in levels], axis=2)
