"""What the exact forecast of items under way leaves over, learned: used only where it foretold held-out weeks better.

Three small forests of regression trees say by which factor the exact median is to be multiplied for the 10 %, 50 %
and 90 % of the time that is left. They are plain tables of numbers, so that they can be kept in a file that anybody
may read, and that runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.findings import Finding, finding_code
from entrepost.journey.itinerary import JOINT
from entrepost.journey.under_way.frame import BASES, EXACT, WIDENED
from entrepost.tables.frames import INSTANT

STALE = finding_code(
    "eta_residual_stale", "What was learned on top of the exact forecast is too old, or of another network."
)

LEVELS = {"arrive_p10": 0.1, "arrive_p50": 0.5, "arrive_p90": 0.9}
STEPS = (
    *("prepare", "pick", "accept", "outward", "export", "departure", "ride", "transit", "inward", "import"),
    *("deliver", "round", "attempt"),
)
FEATURES = (
    *("left_p50", "spread_upper", "spread_lower", "silent_hours", "loss_probability", "silence", "step"),
    *("weekday", "service", "country", "pace_service", "pace_country"),
)
"""What the trees look at: the exact forecast (logarithms of hours), the item, and how the last week went."""

LEARNED = "learned"
"""The basis of a row whose range was learned."""

NODE = np.dtype([("feature", "i4"), ("threshold", "f8"), ("left", "i4"), ("right", "i4"), ("value", "f8")])


@dataclass(frozen=True)
class Forest:
    """Trees end to end: those of tree `i` are the nodes `first[i]` to `first[i + 1]`; a leaf has no feature (-1)."""

    base: float
    first: NDArray[np.int64]
    nodes: NDArray[Any]

    def predict(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum of what the trees say of each row."""
        found = np.full(rows.shape[0], self.base)
        _add_trees(self.first, self.nodes, rows, found)
        return found


@dataclass(frozen=True)
class ResidualCard:
    """What was compared, on which weeks, with what result.

    `exact` and `learned` are mean pinball losses of the three levels together, in days, by held-out week; items
    that had not come are counted at the least that they can take, for both alike. Empty: too little was there.
    """

    as_of: datetime
    items: int
    weeks: tuple[datetime, ...] = ()
    exact: tuple[float, ...] = ()
    learned: tuple[float, ...] = ()

    @property
    def is_used(self) -> bool:
        """Whether the learned one was better in every held-out week."""
        return bool(self.weeks) and all(ours < theirs for ours, theirs in zip(self.learned, self.exact, strict=True))

    def __str__(self) -> str:
        if not self.weeks:
            return f"as of {self.as_of:%Y-%m-%d}: {self.items:,} forecasts are too few to learn from; exact alone"
        mean = f"{np.mean(self.exact):.3f} days exact, {np.mean(self.learned):.3f} learned"
        span = f"{min(self.weeks):%Y-%m-%d} to {max(self.weeks):%Y-%m-%d}"
        verdict = "learned" if self.is_used else "exact alone"
        return f"as of {self.as_of:%Y-%m-%d}: {self.items:,} forecasts; held out {span}, loss {mean}: {verdict}"


@dataclass(frozen=True)
class EtaResidual:
    """Forests by level (none where the exact forecast is not beaten), for whom and until when they hold.

    `pace` has for each service and country (of destination) the logarithm of arrivals over those expected, of
    the week before `as_of`; the names in their order are the numbers that the trees know.
    """

    network_hash: str
    valid_until: datetime
    pace: Mapping[str, Mapping[str, float]]
    forests: Mapping[str, Forest]
    card: ResidualCard

    def find_staleness(self, network_hash: str, now: datetime) -> Finding | None:
        """Why it must not be used, if so."""
        if network_hash == self.network_hash and now <= self.valid_until:
            return None
        why = (
            "it was learned for another network"
            if network_hash != self.network_hash
            else f"it held until {self.valid_until:%Y-%m-%d}"
        )
        return Finding(
            STALE, "residual", why, "network", fix="learn it anew with entrepost learn --eta", level="warning"
        )


def correct(forecast: pl.DataFrame, residual: EtaResidual, now: datetime) -> pl.DataFrame:
    """A forecast with learned ranges where the item's own distribution spoke; all else stays as it was.

    Parameters
    ----------
    forecast : DataFrame
        From `eta`.
    residual : EtaResidual
        With forests; without any, the forecast is returned.
    now : datetime
        The instant of the forecast.
    """
    own = forecast.get_column("basis").is_in([BASES[EXACT], BASES[WIDENED]])
    if not residual.forests or not own.any():
        return forecast
    rows = describe(forecast, residual.pace, now)
    median = left_hours(forecast, "arrive_p50", now)
    said = np.stack([residual.forests[name].predict(rows) for name in LEVELS], axis=1)
    hours = to_hours(median, np.sort(said, axis=1))
    scale = hours[:, 1] / np.maximum(median, 1.0)
    told = {name: hours[:, column] for column, name in enumerate(LEVELS)}
    told["arrive_mean"] = np.maximum(left_hours(forecast, "arrive_mean", now) * scale, hours[:, 0])
    begin = int(now.timestamp() * 1_000_000)
    columns = {
        name: pl.Series(np.rint(values * 60).astype(np.int64)) * (HOUR_US // 60) + begin
        for name, values in told.items()
    }
    own_rows = pl.lit(own)
    return forecast.with_columns(
        *[pl.when(own_rows).then(values.cast(INSTANT)).otherwise(name).alias(name) for name, values in columns.items()],
        basis=pl.when(own_rows).then(pl.lit(LEARNED)).otherwise("basis"),
    )


def describe(forecast: pl.DataFrame, pace: Mapping[str, Mapping[str, float]], now: datetime) -> NDArray[np.float64]:
    """The features of each row of a forecast, columns as in `FEATURES`."""
    p10, p50, p90 = (np.log1p(left_hours(forecast, name, now)) for name in LEVELS)
    silent = (pl.lit(now).cast(INSTANT) - pl.col("last_event_at")).dt.total_hours().fill_null(-1)
    numbered = forecast.select(
        silent=silent.cast(pl.Float64),
        loss="loss_probability",
        silence=pl.col("silence_probability").clip(1e-9, 1.0).log(),
        step=number_of("step", STEPS),
        weekday=pl.col("arrive_p50").dt.weekday().cast(pl.Float64),
        **{name: number_of(text, tuple(pace[name])) for name, text in (("service", "service"), ("country", country()))},
        **{
            f"pace_{name}": pace_of(text, pace[name]) for name, text in (("service", "service"), ("country", country()))
        },
    )
    return np.column_stack([p50, p90 - p50, p50 - p10, numbered.fill_null(-1.0).to_numpy()])


def country() -> pl.Expr:
    """The country of destination: that of the last office of the route."""
    return pl.col("route").str.split(JOINT).list.last().str.slice(0, 2)


def number_of(text: str | pl.Expr, names: tuple[str, ...]) -> pl.Expr:
    """The place of a text among names; -1 where it is none of them."""
    column = pl.col(text) if isinstance(text, str) else text
    numbers = {name: float(number) for number, name in enumerate(names)}
    return column.replace_strict(numbers, default=-1.0, return_dtype=pl.Float64)


def pace_of(text: str | pl.Expr, paces: Mapping[str, float]) -> pl.Expr:
    """The pace of a service or country; 0, as expected, where nothing is known."""
    column = pl.col(text) if isinstance(text, str) else text
    return column.replace_strict(dict(paces), default=0.0, return_dtype=pl.Float64).fill_null(0.0)


def left_hours(forecast: pl.DataFrame, name: str, now: datetime) -> NDArray[np.float64]:
    """The hours from now to an instant of each row, not less than none."""
    micros = forecast.get_column(name).cast(pl.Int64) - int(now.timestamp() * 1_000_000)
    return np.maximum(micros.to_numpy() / HOUR_US, 0.0)


def to_hours(median: NDArray[np.float64], said: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours from what trees say: the logarithm of the hours left and one more, less that of the exact median."""
    found: NDArray[np.float64] = np.maximum(np.expm1(np.log1p(median)[:, None] + said), 1 / 60)
    return found


@nb.njit(cache=True, nogil=True)
def _add_trees(first: NDArray[np.int64], nodes: NDArray[Any], rows: NDArray[np.float64], out: Any) -> None:
    for row in range(rows.shape[0]):
        for tree in range(first.size - 1):
            at = first[tree]
            while nodes[at]["feature"] >= 0:
                left = rows[row, nodes[at]["feature"]] <= nodes[at]["threshold"]
                at = first[tree] + (nodes[at]["left"] if left else nodes[at]["right"])
            out[row] += nodes[at]["value"]
