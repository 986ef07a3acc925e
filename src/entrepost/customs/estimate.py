"""How likely import customs stops an item, by what is known of it: article, origin, value, the quality of its data.

An item's log-odds are a sum of points, one for each thing that is known: a table that a person can read and that is
kept as a CSV file. What is not known adds nothing. On a lane whose share of stopped items is known, the points say only
how items differ: the sum is shifted so that the lane's items together are stopped as often as the lane says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.customs.estimating.fit import fit_points
from entrepost.customs.estimating.levels import FACTORS, to_levels
from entrepost.reference.currency import is_currency

Floats = NDArray[np.float64]
SPREAD = 100
"""How items differ is kept as so many quantiles."""

SCHEMA = {"factor": pl.String(), "level": pl.String(), "points": pl.Float64(), "items": pl.Int64()}
BEYOND = 60.0


@dataclass(frozen=True)
class ClearanceModel:
    """What was learned of items that were stopped.

    `base` is the log-odds of an item of which nothing is known, `points` what each level of a factor adds, `spread` the
    quantiles of such sums over the items that it was learned from, `currency` that of their values.
    """

    base: float
    points: pl.DataFrame
    spread: tuple[float, ...]
    currency: str

    def __post_init__(self) -> None:
        if not is_currency(self.currency):
            raise MisuseError(f"clearance model: {self.currency!r} is not a currency")

    def log_odds(self, facts: pl.DataFrame) -> pl.Series:
        """Of each item by how much its log-odds differ from those of an item of which nothing is known."""
        return _add_points(to_levels(facts), self.points)

    def probability(self, facts: pl.DataFrame) -> pl.Series:
        """Of each item the probability of being stopped where the model was learned."""
        return _to_probability(self.log_odds(facts).to_numpy() + self.base)

    def on_lane(self, log_odds: pl.Series, stopped_share: float) -> pl.Series:
        """The probability of being stopped on a lane that stops that share of its items.

        Parameters
        ----------
        log_odds : Series
            As `log_odds` gives them.
        stopped_share : float
            As the network says, or as was learned from events; where it is 0 or 1 it holds for every item.
        """
        if not 0 < stopped_share < 1:
            return pl.Series("stopped_probability", np.full(len(log_odds), stopped_share))
        return _to_probability(log_odds.to_numpy() + _level_of(self.spread, stopped_share))


def learn_clearance(facts: pl.DataFrame, currency: str) -> ClearanceModel:
    """Learn from items whose clearance is over.

    Parameters
    ----------
    facts : DataFrame
        ``stopped`` (whether customs held or refused the item), ``day`` (on which it came there), and any of
        ``hs_code``, ``origin``, ``value`` (units of `currency`), ``net_weight_g``, ``seller_score``.
    currency : str
        Of the values.
    """
    fitted = fit_points(facts, facts.get_column("stopped"), facts.get_column("day"))
    sums = _add_points(to_levels(facts), fitted.points).to_numpy()
    spread = np.quantile(sums, (np.arange(SPREAD) + 0.5) / SPREAD)
    return ClearanceModel(fitted.base, fitted.points, tuple(map(float, spread)), currency)


def write_clearance(model: ClearanceModel, path: str | Path) -> None:
    """Keep a model as a CSV file: factor, level, points, items."""
    head = [("base", model.currency, model.base, None)]
    spread = [("spread", str(place), value, None) for place, value in enumerate(model.spread)]
    rows = pl.DataFrame([*head, *spread], schema=SCHEMA, orient="row")
    pl.concat([rows, model.points.cast(SCHEMA)]).write_csv(path)  # type: ignore[arg-type]


def read_clearance(path: str | Path) -> ClearanceModel:
    """Read what `write_clearance` wrote; raises `UnreadableInputError` where it is something else."""
    try:
        rows = pl.read_csv(path, schema=SCHEMA)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UnreadableInputError(f"{path} is not a clearance model: {str(error).splitlines()[0]}") from None
    base, spread = rows.filter(pl.col("factor") == "base"), rows.filter(pl.col("factor") == "spread")
    points = rows.filter(pl.col("factor").is_in(FACTORS))
    whole = base.height == 1 and spread.height and base.height + spread.height + points.height == rows.height
    if not whole or not rows.get_column("points").is_finite().all():
        raise UnreadableInputError(f"{path} is not a clearance model: it needs a base, a spread and points")
    levels = tuple(spread.get_column("points"))
    return ClearanceModel(base.item(0, "points"), points, levels, base.item(0, "level"))


def _add_points(levels: pl.DataFrame, points: pl.DataFrame) -> pl.Series:
    total = pl.Series("log_odds", np.zeros(levels.height))
    for name in FACTORS:
        own = dict(points.filter(pl.col("factor") == name).select("level", "points").iter_rows())
        total = total + levels.get_column(name).replace_strict(own, default=0.0, return_dtype=pl.Float64).fill_null(0.0)
    return total.alias("log_odds")


def _to_probability(odds: Floats) -> pl.Series:
    return pl.Series("stopped_probability", 1 / (1 + np.exp(-np.clip(odds, -BEYOND, BEYOND))))


@lru_cache(maxsize=4096)
def _level_of(spread: tuple[float, ...], share: float) -> float:
    """The log-odds at which items that differ by that spread are stopped in that share."""
    sums, low, high = np.array(spread), -BEYOND, BEYOND
    for _ in range(60):
        middle = (low + high) / 2
        if float(np.mean(1 / (1 + np.exp(-np.clip(sums + middle, -BEYOND, BEYOND))))) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
