"""Segments of a market: from cells and their options to rules that an order can be asked, with their regret.

What a segment may do is a *named policy*: direct mail, by whatever costs least or by a service of one name; or stock
where it lies (by whichever warehouse and mode cost least there) and direct mail elsewhere. Where a named service cannot
carry an item, the next of the list does, so every policy serves every cell that can be served at all. An item's cost
counts with its wait, at the value of a day.
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
TIE = 1e-9
SIDES = {"post": "cost_minor", "seller": "charge_minor"}


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """From stock where it lies, if `stocked`, else by the first direct service that can be used.

    Without `services` it is the one that costs least, a day of wait counted as `day_minor`. How stock is brought is
    asked of the shelf, not of an order: it comes the way that costs least.
    """

    stocked: bool
    services: tuple[str, ...] = ()
    day_minor: float = 0.0


@dataclass(frozen=True, slots=True)
class SegmentMarket:
    """Cells ready for `find_segments`: their names, the problem, and the policy of each of its options.

    `mail` are the direct services, of which one may cost least.
    """

    cells: pl.DataFrame
    problem: SegmentProblem
    policies: tuple[NamedPolicy, ...]
    stock_service: str
    mail: tuple[str, ...] = ()
    side: str = "post"


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
        Rows of the tables `cells` and `options`. Cells without an option are left out. Where not all of their cost
        is known when a service is chosen, options have `asked_minor`, and `asked_day_minor`: what a day counts then.
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
    day_minor = like.policies[0].day_minor if like else _asked_day(options, cells)
    offered = _offered(options, opened, side, cells).with_columns(asked=_asked(options, side, day_minor))
    known = cells.filter(pl.col("cell").is_in(offered.get_column("cell").implode())).sort("cell")
    place = {name: row for row, name in enumerate(known.get_column("cell"))}
    mail = offered.filter(pl.col("kind") == "direct").sort("cell", "asked", "option")
    direct = _matrix(mail, place, "service")
    if not direct:
        raise MisuseError("options: no direct service is among them; stock needs one for what it does not hold")
    weight = known.get_column("items_year").to_numpy()
    stock = _matrix(offered.filter(pl.col("kind") == "stock"), place, "kind").get("stock")
    direct[""] = _matrix(mail.unique("cell", keep="first", maintain_order=True), place, "kind")["direct"]
    policies = like.policies if like else _list_policies(_by_cost(direct, weight), stock is not None, day_minor)
    costs = _costs(policies, direct, stock, known.height)
    if not like:
        policies, costs = _without_dominated(policies, costs)
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
    services = tuple(sorted(name for name in direct if name))
    return SegmentMarket(known.filter(pl.Series(served)), problem, policies, _stock_service(offered), services, side)


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


def mean_day_minor(cells: pl.DataFrame) -> float:
    """What a day of wait is worth to the customers of an item, on average."""
    items = cells.get_column("items_year").to_numpy()
    return float(items @ cells.get_column("value_day_minor").to_numpy() / (items.sum() or 1.0))


def _asked_day(options: pl.DataFrame, cells: pl.DataFrame) -> float:
    return float(options.item(0, "asked_day_minor")) if "asked_day_minor" in options.columns else mean_day_minor(cells)


def _asked(options: pl.DataFrame, side: str, day_minor: float) -> pl.Expr:
    """What counts when a service is chosen: all orders have one value of a day."""
    known = "asked_minor" if "asked_minor" in options.columns else SIDES[side]
    return pl.col(known) + day_minor * pl.col("wait_hours_mean") / 24


def _matrix(offered: pl.DataFrame, place: Mapping[str, int], by: str) -> dict[str, Floats]:
    """For each service, or for all stock, what it costs each cell at least; infinity where it is not offered."""
    least = offered.group_by("cell", by).agg(pl.col("figure").min())
    columns = {}
    for (name,), part in least.sort(by, "cell").group_by([by], maintain_order=True):
        column = np.full(len(place), np.inf)
        column[[place[cell] for cell in part.get_column("cell")]] = part.get_column("figure").to_numpy()
        columns[str(name)] = column
    return columns


def _by_cost(direct: Mapping[str, Floats], weight: Floats) -> list[str]:
    """The named services by what they would cost all items; one that is not offered counts as the dearest that is."""
    direct = {name: column for name, column in direct.items() if name}
    dearest = np.max([np.where(np.isfinite(column), column, -np.inf) for column in direct.values()], axis=0)
    total = {
        name: float(weight @ np.where(np.isfinite(column), column, 2 * dearest)) for name, column in direct.items()
    }
    return sorted(total, key=lambda name: (total[name], name))


def _list_policies(order: Sequence[str], has_stock: bool, day_minor: float) -> tuple[NamedPolicy, ...]:
    """By what costs least, and by each service first and then the others, alone and behind stock."""
    chains = [(), *((name, *(each for each in order if each != name)) for name in order)]
    stocked = (False, True)[: 1 + has_stock]
    return tuple(NamedPolicy(stock, chain, 0.0 if chain else day_minor) for chain in chains for stock in stocked)


def _without_dominated(policies: Sequence[NamedPolicy], costs: Floats) -> tuple[tuple[NamedPolicy, ...], Floats]:
    """Without services of one name that are nowhere better than what costs least."""
    least = {policy.stocked: column for policy, column in zip(policies, costs.T, strict=True) if not policy.services}
    kept = [
        not policy.services or bool((column < least[policy.stocked] * (1 - TIE)).any())
        for policy, column in zip(policies, costs.T, strict=True)
    ]
    return tuple(policy for policy, is_kept in zip(policies, kept, strict=True) if is_kept), costs[:, kept]


def _costs(policies: Iterable[NamedPolicy], direct: Mapping[str, Floats], stock: Floats | None, size: int) -> Floats:
    """What an item of each cell costs by each policy."""
    nowhere = np.full(size, np.inf)
    columns = []
    for policy in policies:
        column = stock if policy.stocked and stock is not None else nowhere
        for name in policy.services or ("",):
            column = np.where(np.isfinite(column), column, direct.get(name, nowhere))
        columns.append(column)
    return np.stack(columns, axis=1)


def _spent(offered: pl.DataFrame, today: pl.DataFrame, place: Mapping[str, int], otherwise: Floats) -> Floats:
    """What an item of each cell costs as it is served today; the least where that is not among its options."""
    figures = today.join(offered.select("cell", "option", "figure"), on=["cell", "option"], how="inner")
    column = otherwise.copy()
    column[[place[cell] for cell in figures.get_column("cell")]] = figures.get_column("figure").to_numpy()
    return column
