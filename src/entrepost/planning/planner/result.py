"""A plan: the warehouses that are open, how every cell is served, what it costs, how long it waits, how sure it is."""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from entrepost.network.network import Network
from entrepost.planning.options import Options
from entrepost.planning.planner.params import PlanParams


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """A year of a plan, or of today: money and waits. `share_within` is of the days that were asked for."""

    items_year: float
    cost_year_minor: float
    cost_item_minor: float
    wait_days: float
    share_within: float
    undelivered_share: float
    from_stock_share: float
    warehouses: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What `plan` found.

    Attributes
    ----------
    status : str
        ``proved`` (within the gap that was asked for), ``stopped`` (time or interruption), ``infeasible``.
    value, bound, gap : float
        Money and worth of waits a year in minor units, what no plan can go below, and their relative distance; goods
        themselves are not counted. Where a budget is given: mean days of wait.
    planned, today : PlanFigures
        The plan, and direct mail as it is chosen now. Costs are those of the side that was asked for.
    warehouses : DataFrame
        A row per open warehouse: warehouse, city, country, items_year, on_hand, capacity_items, cost_year_minor.
    replenishment, stock : DataFrame
        Stock by warehouse and mode, and article by article.
    choices : DataFrame
        A row per group of cells with the option that it takes.
    cells : DataFrame
        A row per cell with the columns of the table `cells`, its option, cost, charge and wait.
    reasons : tuple of str
        Why there is no plan, in words.
    rooms : DataFrame
        A row per leg of which mail takes more than half of what a plan may fill: from_facility, to_facility, mode,
        carries_kg (a week), room_kg (what a plan may fill), today_kg, planned_kg.
    """

    status: str
    params: PlanParams
    value: float
    bound: float
    gap: float
    seconds: float
    planned: PlanFigures | None
    today: PlanFigures
    stockable_share: float
    warehouses: pl.DataFrame
    replenishment: pl.DataFrame
    stock: pl.DataFrame
    choices: pl.DataFrame
    cells: pl.DataFrame
    reasons: tuple[str, ...]
    network: Network
    options: Options
    rooms: pl.DataFrame

    @property
    def currency(self) -> str:
        """The currency of all amounts."""
        return self.network.currency

    def facts(self) -> dict[str, Any]:
        """What a program reads: everything but the rows of groups, cells and articles."""
        return {
            "status": self.status,
            "reasons": list(self.reasons),
            "side": self.params.side,
            "currency": self.currency,
            "gap": self.gap,
            "value": self.value,
            "bound": self.bound,
            "seconds": round(self.seconds, 2),
            "stockable_share": self.stockable_share,
            "today": asdict(self.today),
            "planned": asdict(self.planned) if self.planned else None,
            "warehouses": self.warehouses.to_dicts(),
            "replenishment": self.replenishment.to_dicts(),
            "rooms": self.rooms.to_dicts(),
        }

    def lines(self) -> list[str]:
        """The plan in a few lines for people."""
        if self.planned is None:
            return [f"no plan     {reason}" for reason in self.reasons]
        now, then, unit = self.today, self.planned, 100
        opened = ", ".join(self.warehouses.get_column("city")) or "none"
        gap = f"{self.gap:.2%}" if self.gap < 10 else "not known"
        within = self.params.within_days
        return [
            f"open        {self.warehouses.height} warehouses: {opened}",
            f"wait        {now.wait_days:.2f} -> {then.wait_days:.2f} days",
            f"within {within:2} d {now.share_within:.1%} -> {then.share_within:.1%}",
            f"cost        {now.cost_item_minor / unit:.2f} -> {then.cost_item_minor / unit:.2f} {self.currency} an item"
            f" ({self.params.side}'s side)",
            f"from stock  {then.from_stock_share:.1%} of all items; {self.stockable_share:.1%} could be stocked",
            f"gap         {gap} ({self.status}) after {self.seconds:.1f} s",
        ]

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(line[:12])}</td><td>{html.escape(line[12:])}</td></tr>" for line in self.lines()
        )
        return f"<table><caption>Plan of {html.escape(self.network.name)}</caption>{rows}</table>"
