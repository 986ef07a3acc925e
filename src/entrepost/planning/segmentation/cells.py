"""Segments of a market: from cells and their options to rules that an order can be asked, with their regret.

What a segment may do is a *named policy*: a direct service, or stock where it lies (brought there by one mode) and
a direct service elsewhere. Where that service cannot carry an item, the next of the list does, so every policy
serves every cell that can be served at all. An item's cost counts with its wait, at the value of a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.planning.segmentation.axes import Floats
from entrepost.planning.segmentation.problem import SegmentProblem
from entrepost.planning.segments import Progress as Told
from entrepost.planning.segments import Segmentation, SegmentParams, find_segments, measure_segments

FIGURES = (
    *("region_items_year", "items_year", "unit_value_minor", "weight_g"),
    *("variability", "intermittence", "urgency", "value_day_minor"),
)
"""Features of a cell that are figures; `CATEGORIES` are texts."""

CATEGORIES = ("country",)
SIDES = {"post": "cost_minor", "seller": "charge_minor"}


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """Stock brought by a mode, where it lies, else the first direct service that can be used; without a mode direct."""

    mode: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SegmentMarket:
    """Cells ready for `find_segments`: their names, the problem, and the policy of each of its options."""

    cells: pl.DataFrame
    problem: SegmentProblem
    policies: tuple[NamedPolicy, ...]
    stock_service: str


@dataclass(frozen=True, slots=True)
class MarketSegments:
    """What was found of a market: the segments, and which cell lies in which."""

    found: Segmentation
    market: SegmentMarket

    def cells(self) -> pl.DataFrame:
        """The cells with the number of their segment, from 1."""
        numbers = self.found.place(self.market.problem.features) + 1
        return self.market.cells.with_columns(segment=pl.Series(numbers, dtype=pl.Int64))

    def policy(self, number: int) -> NamedPolicy:
        """The policy of a segment, from 0."""
        return self.market.policies[self.found.segments[number].option]


def segment_market(
    market: SegmentMarket, params: SegmentParams | None = None, progress: Told | None = None
) -> MarketSegments:
    """The smallest set of rules that is good enough for a market; see `find_segments`."""
    return MarketSegments(find_segments(market.problem, params, progress), market)


def measure_market(found: MarketSegments, later: SegmentMarket) -> MarketSegments:
    """The same segments on the market of other weeks, made ``like`` the first: against its own best options."""
    if later.policies != found.market.policies or later.problem.labels != found.market.problem.labels:
        raise MisuseError("the later market knows other policies or countries; make it with like=the first market")
    return MarketSegments(measure_segments(found.found, later.problem), later)


def market_problem(
    cells: pl.DataFrame,
    options: pl.DataFrame,
    opened: Iterable[str] | None = None,
    side: str = "post",
    today: pl.DataFrame | None = None,
    like: SegmentMarket | None = None,
) -> SegmentMarket:
    """Cells and options as a problem of segments.

    Parameters
    ----------
    cells, options : DataFrame
        Rows of the tables `cells` and `options`. Cells without an option are left out.
    opened : iterable of str, optional
        The warehouses that are open; without it all.
    side : str
        ``post`` counts the cost, ``seller`` the charge.
    today : DataFrame, optional
        cell, option: how each is served today.
    like : SegmentMarket, optional
        A market whose policies and countries are taken over, so that its segments can be measured on this one.

    Raises
    ------
    MisuseError
        When no direct service is among the options.
    """
    offered = _offered(options, opened, side, cells)
    known = cells.filter(pl.col("cell").is_in(offered.get_column("cell").implode())).sort("cell")
    place = {name: row for row, name in enumerate(known.get_column("cell"))}
    direct = _matrix(offered.filter(pl.col("kind") == "direct"), place, "service")
    if not direct:
        raise MisuseError("options: no direct service is among them; stock needs one for what it does not hold")
    weight = known.get_column("items_year").to_numpy()
    stocked = _matrix(offered.filter(pl.col("kind") == "stock"), place, "mode")
    policies = like.policies if like else _list_policies(_by_cost(direct, weight), stocked)
    costs = _costs(policies, direct, stocked, known.height)
    served = np.isfinite(costs[:, 0]) & (weight > 0)
    labels = like.problem.labels if like else _labels(known)
    problem = SegmentProblem(
        _features(known, labels)[served],
        costs[served],
        weight[served],
        None if today is None else _spent(offered, today, place, costs.min(axis=1))[served],
        names=(*FIGURES, *CATEGORIES),
        labels=labels,
    )
    return SegmentMarket(known.filter(pl.Series(served)), problem, policies, _stock_service(offered))


def _labels(known: pl.DataFrame) -> dict[int, Sequence[str]]:
    """The texts of the categories, by the column of the features."""
    return {
        len(FIGURES) + number: sorted(known.get_column(name).unique().to_list())
        for number, name in enumerate(CATEGORIES)
    }


def _features(known: pl.DataFrame, labels: Mapping[int, Sequence[str]]) -> Floats:
    """The features of each cell; a category that has no number is -1."""
    columns = [known.get_column(name).cast(pl.Float64).to_numpy() for name in FIGURES]
    for name, texts in zip(CATEGORIES, labels.values(), strict=True):
        numbers = {text: float(number) for number, text in enumerate(texts)}
        coded = known.get_column(name).replace_strict(numbers, default=-1.0, return_dtype=pl.Float64)
        columns.append(coded.to_numpy())
    return np.column_stack(columns)


def _stock_service(offered: pl.DataFrame) -> str:
    names = offered.filter(pl.col("kind") == "stock").get_column("service").unique().sort()
    return str(names[0]) if len(names) else ""


def _offered(options: pl.DataFrame, opened: Iterable[str] | None, side: str, cells: pl.DataFrame) -> pl.DataFrame:
    """The options that are open, with what an item costs by them, its wait included."""
    if side not in SIDES:
        raise MisuseError(f"side is {side!r}; it is {' or '.join(SIDES)}")
    if opened is not None:
        options = options.filter((pl.col("kind") == "direct") | pl.col("warehouse").is_in(list(opened)))
    wait = pl.col("wait_hours_mean") / 24 * pl.col("value_day_minor")
    valued = options.join(cells.select("cell", "value_day_minor"), on="cell", how="inner")
    return valued.with_columns(figure=pl.col(SIDES[side]) + wait)


def _matrix(offered: pl.DataFrame, place: Mapping[str, int], by: str) -> dict[str, Floats]:
    """For each service, or mode of stock, what it costs each cell at least; infinity where it is not offered."""
    least = offered.group_by("cell", by).agg(pl.col("figure").min())
    columns = {}
    for (name,), part in least.sort(by, "cell").group_by([by], maintain_order=True):
        column = np.full(len(place), np.inf)
        column[[place[cell] for cell in part.get_column("cell")]] = part.get_column("figure").to_numpy()
        columns[str(name)] = column
    return columns


def _by_cost(direct: Mapping[str, Floats], weight: Floats) -> list[str]:
    """The services by what they would cost all items; where one is not offered it counts as the dearest that is."""
    dearest = np.max([np.where(np.isfinite(column), column, -np.inf) for column in direct.values()], axis=0)
    total = {
        name: float(weight @ np.where(np.isfinite(column), column, 2 * dearest)) for name, column in direct.items()
    }
    return sorted(total, key=lambda name: (total[name], name))


def _list_policies(order: Sequence[str], modes: Iterable[str]) -> tuple[NamedPolicy, ...]:
    """Each direct service first and then the others, alone and behind stock by each mode."""
    chains = [(name, *(each for each in order if each != name)) for name in order]
    return tuple(NamedPolicy(mode, chain) for chain in chains for mode in ("", *modes))


def _costs(
    policies: Iterable[NamedPolicy], direct: Mapping[str, Floats], stocked: Mapping[str, Floats], size: int
) -> Floats:
    """What an item of each cell costs by each policy."""
    nowhere = np.full(size, np.inf)
    columns = []
    for policy in policies:
        column = stocked.get(policy.mode, nowhere)
        for name in policy.services:
            column = np.where(np.isfinite(column), column, direct.get(name, nowhere))
        columns.append(column)
    return np.stack(columns, axis=1)


def _spent(offered: pl.DataFrame, today: pl.DataFrame, place: Mapping[str, int], otherwise: Floats) -> Floats:
    """What an item of each cell costs as it is served today; the least where that is not among its options."""
    figures = today.join(offered.select("cell", "option", "figure"), on=["cell", "option"], how="inner")
    column = otherwise.copy()
    column[[place[cell] for cell in figures.get_column("cell")]] = figures.get_column("figure").to_numpy()
    return column
