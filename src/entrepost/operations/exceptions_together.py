"""Items that went together and are silent together: by dispatch where that is known, by departure otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.journey.silence import Silence
from entrepost.journey.silences.departures import LEFT, list_occasions
from entrepost.journey.silences.rate import find_improbable
from entrepost.tables.frames import INSTANT, conform

LEAVES = LEFT
DEPTH = 4
"""An item is in a bag, that in a dispatch, that in a consignment: never deeper."""

DEPARTURE = ("way", "leg", "run")


@dataclass(frozen=True, slots=True)
class Together:
    """Silent items of one departure or container.

    `container` is empty for a departure; `whole` how many went, `hour` when, `later` how many departures after
    it on the same leg have arrived.
    """

    container: str
    way: int
    leg: int
    origin: int
    destination: int
    hour: int
    chance: float
    whole: int
    later: int
    items: NDArray[np.int64]


def list_together(
    silence: Silence, counted: NDArray[np.bool_], containment: pl.DataFrame, least: int, share: float
) -> list[Together]:
    """The departures and containers of which improbably many items are silent, each item in one of them.

    Of several that hold the same items comes first the one that is silent as a whole, then the greatest.
    """
    occasions = list_occasions(silence)
    occasions = occasions.filter(pl.lit(pl.Series(counted)).gather(pl.col("item")))
    groups = _departures(occasions)
    if containment.height:
        groups = pl.concat([groups, _containers(silence, occasions, containment)], how="diagonal")
    tested = groups.filter(pl.col("whole") >= least)
    chance = tested.select((pl.col("expected") / pl.col("silent").clip(1)).clip(0, 1)).to_series().to_numpy()
    chance = np.where(tested.get_column("silent").to_numpy() >= least, chance, 1.0)
    told = tested.with_columns(chance=pl.Series(chance)).filter(pl.Series(find_improbable(chance, share)))
    limit = float(told.get_column("chance").max() or 0.0)  # type: ignore[arg-type]
    return [_with_later(each, groups) for each in _choose(told, limit, least)]


def _departures(occasions: pl.DataFrame) -> pl.DataFrame:
    return _sums(occasions, list(DEPARTURE)).with_columns(container=pl.lit("")).sort(DEPARTURE)


def _sums(occasions: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Of each group how many went, how many are silent, how many were expected to be, when, and who."""
    ends = [pl.col(name).first() for name in (*DEPARTURE, "origin", "destination") if name not in by]
    return occasions.group_by(by, maintain_order=True).agg(
        *ends,
        whole=pl.col("item").n_unique(),
        silent=pl.col("silent").sum(),
        expected=pl.col("chance").sum(),
        hour=pl.col("hour").min(),
        items=pl.col("item").filter(pl.col("silent")).sort(),
    )


def _containers(silence: Silence, occasions: pl.DataFrame, containment: pl.DataFrame) -> pl.DataFrame:
    """The containers of items, by the last time that each item left or was ready."""
    held = conform(containment, "containment").with_columns(pl.col("since").cast(INSTANT))
    now = (silence.watch.history.as_of + silence.watch.first_hour) * HOUR_US
    held = held.filter(pl.col("since").is_null() | (pl.col("since").cast(pl.Int64) <= now))
    last = occasions.sort("hour", "way").unique("item", keep="last", maintain_order=True).sort("item")
    names = silence.watch.items.select(pl.col("tenant").fill_null("main"), "item_id").with_row_index("item")
    names = names.with_columns(pl.col("item").cast(pl.Int32))
    level = last.join(names, on="item").rename({"item_id": "subject"})
    found = []
    for _ in range(DEPTH):
        level = level.join(held.select("tenant", "subject", "container", "until"), on=["tenant", "subject"])
        out = pl.col("until").cast(pl.Int64) // HOUR_US - silence.watch.first_hour
        level = level.filter(pl.col("until").is_null() | (out >= pl.col("hour"))).drop("until")
        level = level.unique(["item", "container"], maintain_order=True)
        found.append(level)
        level = level.drop("subject").rename({"container": "subject"})
    inside = pl.concat([each.select(*occasions.columns, "tenant", "container") for each in found])
    inside = inside.unique(["item", "container"], maintain_order=True)
    # Who was left behind did not go with it, but is looked for with the rest; most of it says which way it went.
    sums = _sums(inside.sort("way", "hour", "item", descending=[True, False, False]), ["tenant", "container"])
    return sums.drop("tenant").sort("container")


def _choose(told: pl.DataFrame, limit: float, least: int) -> list[Together]:
    """Greedily: whole ones first, then those with more items; what is left of another must still be improbable."""
    share = pl.col("silent") / pl.col("whole")
    order = told.sort(
        share.round(2),
        "silent",
        pl.col("container") == "",
        "container",
        *DEPARTURE,
        descending=[True, True, False, False, True, False, False],
    )
    chosen: list[Together] = []
    taken: set[int] = set()
    for row in order.iter_rows(named=True):
        items = [item for item in row["items"] if item not in taken]
        chance = min(row["expected"] / max(len(items), 1), 1.0)
        if len(items) < least or chance > limit:
            continue
        taken.update(items)
        ends = (row["way"], row["leg"], row["origin"], row["destination"], row["hour"])
        numbers = np.array(items, dtype=np.int64)
        chosen.append(Together(row["container"], *ends, chance, row["whole"], 0, numbers))
    return chosen


def _with_later(each: Together, groups: pl.DataFrame) -> Together:
    arrived = (pl.col("container") == "") & (pl.col("way") == LEAVES) & (pl.col("leg") == each.leg)
    arrived &= (pl.col("hour") > each.hour) & (2 * pl.col("silent") < pl.col("whole"))
    return replace(each, later=groups.filter(arrived).height)
