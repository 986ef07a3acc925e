"""Orders as columns of figures: instants in days, groups in numbers, and nothing later than what was known."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.errors import MisuseError

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Rows = NDArray[np.int64] | NDArray[np.bool_]

INSTANTS = ("placed_at", "approved_at", "handed_over_at", "delivered_at", "promised_at", "due_at")
"""Placed, paid, with the carrier, delivered; the day named to the customer, and that by which the seller hands over."""

NAMES = ("seller", "origin", "destination", "destination_area")
"""Who sends; the region of origin and of destination; the district within it."""

FIGURES = (
    "weight_g",
    "volume_cm3",
    "value",
    "charge",
    "origin_latitude",
    "origin_longitude",
    "destination_latitude",
    "destination_longitude",
)
GROUPS = ("seller", "destination", "destination_area", "lane")
NEEDED = ("order_id", "placed_at")
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Groups:
    """The names that were seen, in order; a name that was not has the number behind the last."""

    seller: NDArray[np.str_]
    destination: NDArray[np.str_]
    destination_area: NDArray[np.str_]
    lane: NDArray[np.str_]

    def number(self, group: str, names: NDArray[np.str_]) -> Numbers:
        """The numbers of names within a group."""
        known: NDArray[np.str_] = getattr(self, group)
        found = np.minimum(np.searchsorted(known, names), max(known.size - 1, 0))
        same = known[found] == names if known.size else np.zeros(names.size, bool)
        return np.where(same, found, known.size)

    def count(self, group: str) -> int:
        """How many numbers a group has, that of unseen names included."""
        return int(getattr(self, group).size) + 1


@dataclass(frozen=True)
class Orders:
    """One entry of each array an order; instants in days since 1970, NaN where unknown."""

    placed: Floats
    approved: Floats
    handed_over: Floats
    delivered: Floats
    promised: Floats
    due: Floats
    seller: Numbers
    destination: Numbers
    destination_area: Numbers
    lane: Numbers
    figures: Floats

    def at(self, rows: Rows) -> Orders:
        """Some of the orders."""
        return Orders(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def known_at(self, instant: float) -> Orders:
        """What was known then: orders placed before, with those of their events that had happened."""
        seen = self.at(self.placed < instant)
        happened = {
            name: np.where(getattr(seen, name) < instant, getattr(seen, name), np.nan)
            for name in ("approved", "handed_over", "delivered")
        }
        return replace(seen, **happened)


def to_days(instant: datetime) -> float:
    """An instant in days since 1970; one without a zone is in that of the histories."""
    naive = instant.replace(tzinfo=None)
    return (naive - datetime(1970, 1, 1)).total_seconds() / SECONDS_A_DAY  # noqa: DTZ001


def read_groups(frame: pl.DataFrame) -> Groups:
    """The names in a frame of orders."""
    names = _names(complete(frame))
    return Groups(**{group: np.unique(names[group]) for group in GROUPS})


def read_orders(frame: pl.DataFrame, groups: Groups) -> Orders:
    """The orders of a frame, in its order.

    Parameters
    ----------
    frame : DataFrame
        `order_id`, `placed_at`, and whatever is known of the other columns of `INSTANTS`, `NAMES`, `FIGURES`.
    groups : Groups
        The names to number by.
    """
    frame = complete(frame)
    names = _names(frame)
    instants = [frame[name].dt.epoch("ms").cast(pl.Float64).to_numpy() / 1000 / SECONDS_A_DAY for name in INSTANTS]
    figures = frame.select(FIGURES).cast(pl.Float64).fill_null(np.nan).to_numpy().reshape(-1, len(FIGURES))
    columns: dict[str, Any] = dict(zip(Orders.__dataclass_fields__, instants, strict=False))
    columns |= {name: groups.number(name, names[name]) for name in GROUPS}
    return Orders(**columns, figures=figures)


def complete(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column that orders may have, empty where it had none.

    Raises
    ------
    MisuseError
        Where a column is missing without which there is no order.
    """
    if missing := [name for name in NEEDED if name not in frame.columns]:
        raise MisuseError(f"orders need the columns {', '.join(NEEDED)}; {', '.join(missing)} is not there")
    kinds: dict[str, pl.DataType] = dict.fromkeys(INSTANTS, pl.Datetime("us"))
    kinds |= dict.fromkeys(NAMES, pl.String()) | dict.fromkeys(FIGURES, pl.Float64())
    absent = [pl.lit(None, kind).alias(name) for name, kind in kinds.items() if name not in frame.columns]
    return frame.with_columns(absent)


def _names(frame: pl.DataFrame) -> dict[str, NDArray[np.str_]]:
    """Each group's name of each order; what is not known is a name of its own."""
    named = frame.select(pl.col(NAMES).fill_null("?")).with_columns(
        lane=pl.concat_str("origin", "destination", separator=">")
    )
    return {name: named[name].to_numpy().astype(np.str_) for name in GROUPS}
