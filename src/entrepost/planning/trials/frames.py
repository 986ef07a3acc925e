"""What a trial tells: frames of differences, days, sellers and shelves, and whether plan and simulation agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.planning.trials.cost import SHELF_COSTS
from entrepost.planning.trials.measure import Interval, find_warm_up, interval_of_worlds, mean_known
from entrepost.planning.trials.run import Replication, Setting, follow
from entrepost.reference.fx import known_rates
from entrepost.service.exchange import Exchange
from entrepost.service.policy import DAY_VALUE
from entrepost.service.ratecard import day_number

Floats = NDArray[np.float64]
CAP_HOURS = 1440.0
LEAD_HOURS_MOST = 180 * 24
YEAR_DAYS = 365.0
STEADY = "steady"
PHASES = (STEADY, "ramp-up")
LOOKED_LEAST = 10
"""With fewer orders looked at, what the calendar adds in a country is told by that of all."""


class Judged(Protocol):
    """What of a trial's params decides here."""

    @property
    def within_days(self) -> int:
        """Of the share that is told."""

    @property
    def gap_days_max(self) -> float:
        """Allowed between plan and simulation."""

    @property
    def half_width_max(self) -> float:
        """Of the interval."""

    @property
    def day_value_minor(self) -> float | None:
        """What a day is worth for an order."""


@dataclass(frozen=True)
class Trial:
    """What came of a trial.

    Attributes
    ----------
    differences : DataFrame
        phase (steady, ramp-up), measure, today, plan, difference, half_width: means over replications; the
        difference is plan less today, its half-width that of the paired interval (95 %).
    days : DataFrame
        day (from 0), orders, today_days, plan_days, from_stock: the share of orders that found stock.
    sellers : DataFrame
        seller, orders, from_stock, today_days, plan_days, difference_days, half_width_days, gain_minor (a year: cost
        saved and days saved at their value), half_width_minor, loss_share (of replications that end with a loss).
    shelves : DataFrame
        The shelves with asked_day, planned_share, served_share, on_hand_mean, ordered_year, orders_year.
    lanes : DataFrame
        country, orders, planned_days, plan_days, weighs_days: what it adds to the gap between plan and simulation.
    planned_days, simulated : float, Interval
        What the plan expects on these dates, and what the simulation gives in steady state.
    calendar_days : float
        What holidays add to what the plan expects in ordinary weeks; it is in `planned_days`.
    warm_up_days, is_steady : int, bool
        By MSER-5; not steady: the orders cover too little time.
    accepted, reasons : bool, tuple of str
        Whether plan and simulation agree; if not, why.
    """

    differences: pl.DataFrame
    days: pl.DataFrame
    sellers: pl.DataFrame
    shelves: pl.DataFrame
    lanes: pl.DataFrame
    planned_days: float
    simulated: Interval
    warm_up_days: int
    is_steady: bool
    seeds: tuple[int, ...]
    accepted: bool
    reasons: tuple[str, ...] = ()
    calendar_days: float = 0.0

    def get(self, measure: str, phase: str = "steady") -> dict[str, Any]:
        """A row of the differences."""
        return self.differences.filter(pl.col("phase") == phase, pl.col("measure") == measure).row(0, named=True)

    def facts(self) -> dict[str, Any]:
        """What a program reads: everything but days, sellers, shelves and lanes."""
        return {
            "accepted": self.accepted,
            "reasons": list(self.reasons),
            "planned_days": self.planned_days,
            "calendar_days": self.calendar_days,
            "simulated_days": self.simulated.mean,
            "half_width_days": self.simulated.half_width,
            "replications": len(self.seeds),
            "warm_up_days": self.warm_up_days,
            "steady": self.is_steady,
            "differences": self.differences.to_dicts(),
        }

    def _repr_html_(self) -> str:
        """For notebooks."""
        verdict = "Plan and simulation agree" if self.accepted else "Plan and simulation do not agree"
        told = (
            f"planned {self.planned_days:.2f} days, simulated {self.simulated} in {len(self.seeds)} replications; "
            f"warm-up {self.warm_up_days} days"
        )
        why = "".join(f"<li>{escape(reason)}</li>" for reason in self.reasons)
        table = self.differences._repr_html_()
        return f"<p><b>{verdict}</b>: {escape(told)}.</p>{f'<ul>{why}</ul>' if why else ''}{table}"


def conclude(setting: Setting, done: Sequence[Replication], planned_days: float | None, params: Judged) -> Trial:
    """The trial from its replications."""
    table = Table(setting, done)
    warm_up, is_steady = find_warm_up(table.daily_difference())
    steady = table.day >= warm_up
    planned, longer = setting.plan.planned_hours() / 24, _longer_days(table, steady)
    planned, calendar = planned + longer, float(mean_known(longer[steady], axis=0))
    expected = float(mean_known(planned[steady], axis=0)) if planned_days is None else planned_days
    simulated = interval_of_worlds(table.means(table.plan, steady) / 24)
    accepted = bool(
        is_steady
        and abs(simulated.mean - expected) <= params.gap_days_max
        and simulated.half_width <= params.half_width_max
    )
    value = _day_value(setting, params)
    return Trial(
        pl.concat([_differences(table, phase, warm_up, params.within_days) for phase in PHASES]),
        table.days_frame(),
        _sellers(table, steady, value),
        _shelves(setting, done, warm_up),
        _lanes(table, steady, planned),
        expected,
        simulated,
        warm_up,
        is_steady,
        tuple(each.seed for each in done),
        accepted,
        calendar_days=calendar,
    )


def simulated_days(setting: Setting, done: Sequence[Replication]) -> Interval:
    """The plan's mean wait in steady state, as far as is known."""
    table = Table(setting, done)
    warm_up, _ = find_warm_up(table.daily_difference())
    return interval_of_worlds(table.means(table.plan, table.day >= warm_up) / 24)


def _longer_days(table: Table, steady: NDArray[np.bool_]) -> Floats:
    """What the calendar adds to the planned wait of each order: as for those looked at in its country, or for all."""
    longer = table.setting.longer_hours
    if longer is None:
        return np.zeros(steady.size)
    days = table.keys.select("country").with_columns(days=pl.Series(longer / 24).fill_nan(None))
    looked = days.filter(pl.Series(steady)).drop_nulls()
    of_all = float(looked.get_column("days").mean() or 0.0)  # type: ignore[arg-type]
    weight = pl.len() / (pl.len() + LOOKED_LEAST)
    told = looked.group_by("country").agg(days=weight * pl.col("days").mean() + (1 - weight) * of_all)
    found = days.select("country").join(told, on="country", how="left", maintain_order="left")
    values = found.get_column("days").fill_null(of_all).to_numpy()
    return values + of_all - values[steady].mean() if steady.any() else values


class Table:
    """Waits in hours and costs, a row for each replication and a column for each order."""

    def __init__(self, setting: Setting, done: Sequence[Replication]) -> None:
        self.setting, self.done = setting, done
        self.today, self.plan = np.stack([each.today for each in done]), np.stack([each.plan for each in done])
        first, instead = setting.plan.first, setting.plan.instead
        self.missed = np.zeros(self.plan.shape, dtype=bool)
        for row, each in enumerate(done):
            self.missed[row, setting.plan.asks[~each.granted]] = True
        self.asks = np.zeros(first.height, dtype=bool)
        self.asks[setting.plan.asks] = True
        self.cost_today = _column(setting.today.first, "cost_minor")
        self.cost_plan = np.where(self.missed, _column(instead, "cost_minor"), _column(first, "cost_minor"))
        self.items = _column(first, "items")
        placed = setting.orders.group_by("tenant", "seller", "order_id").agg(
            pl.col("placed_at").first().dt.epoch("us"), pl.col("country").first()
        )
        self.keys = first.select("tenant", "seller", "order_id").join(
            placed, on=["tenant", "seller", "order_id"], how="left", maintain_order="left"
        )
        hour = self.keys.get_column("placed_at").to_numpy() // HOUR_US
        self.day: NDArray[np.int64] = (hour - setting.first_hour) // 24

    def means(self, values: Floats, rows: NDArray[np.bool_]) -> Floats:
        """The mean of each replication over some orders."""
        return mean_known(values[:, rows], axis=1)

    def of_phase(self, phase: str, warm_up: int) -> NDArray[np.bool_]:
        """The orders of the steady state, or of the days before it."""
        return self.day >= warm_up if phase == STEADY else self.day < warm_up

    def shelf_cost(self, from_day: int) -> Floats:
        """What pieces cost on the way and on the shelves from a day on, and those left over, for each replication."""
        setting, shelves = self.setting, self.setting.plan.named_shelves
        hold, way, left = (shelves.get_column(name).to_numpy() for name in SHELF_COSTS)
        if not hold.any() and not way.any() and not left.any():
            return np.zeros(len(self.plan))
        from_hour = setting.first_hour + 24 * from_day
        days = max((setting.last_hour - from_hour) / 24, 0.0)
        lane = setting.plan.shelves.lane
        costs = []
        for each in self.done:
            flow = follow(setting, each.lead_hours, from_hour)
            lead_days = np.minimum(each.lead_hours, LEAD_HOURS_MOST).mean(axis=1)[lane] / 24
            costs.append(float(hold @ flow.on_hand * days + way @ (flow.ordered * lead_days) + left @ flow.left))
        return np.array(costs)

    def daily_difference(self) -> Floats:
        """Plan less today by day, the mean of all replications; days without orders are left out."""
        difference = mean_known(self.plan - self.today, axis=0)
        known = np.isfinite(difference)
        sums = np.bincount(self.day[known], difference[known])
        counts = np.bincount(self.day[known])
        return sums[counts > 0] / counts[counts > 0]

    def days_frame(self) -> pl.DataFrame:
        """A row for each day with orders."""
        frame = pl.DataFrame(
            {
                "day": self.day,
                "today_days": mean_known(self.today, axis=0) / 24,
                "plan_days": mean_known(self.plan, axis=0) / 24,
                "from_stock": np.mean(self.asks & ~self.missed, axis=0),
            }
        ).fill_nan(None)
        return frame.group_by("day").agg(pl.len().alias("orders"), pl.all().exclude("day").mean()).sort("day")


def _column(frame: pl.DataFrame, name: str) -> Floats:
    return frame.get_column(name).cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _differences(table: Table, phase: str, warm_up: int, within_days: int) -> pl.DataFrame:
    rows = table.of_phase(phase, warm_up)
    figures = {
        "wait_days": (table.means(table.today, rows) / 24, table.means(table.plan, rows) / 24),
        "wait_days_p90": tuple(_quantiles(each, rows) / 24 for each in (table.today, table.plan)),
        f"within_{within_days}_days": tuple(
            table.means((each <= 24 * within_days).astype(float), rows) for each in (table.today, table.plan)
        ),
        "undelivered": tuple(
            table.means((each >= CAP_HOURS).astype(float), rows) for each in (table.today, table.plan)
        ),
        "cost_item_minor": _costs(table, phase, warm_up),
        "from_stock": (np.zeros(len(table.plan)), table.means((table.asks & ~table.missed).astype(float), rows)),
    }
    lines = []
    for measure, (today, plan) in figures.items():
        paired = interval_of_worlds(plan - today)
        lines.append((phase, measure, float(today.mean()), float(plan.mean()), paired.mean, paired.half_width))
    columns = ("phase", "measure", "today", "plan", "difference", "half_width")
    return pl.DataFrame(lines, schema=columns, orient="row").fill_nan(None)


def _quantiles(values: Floats, rows: NDArray[np.bool_]) -> Floats:
    if not rows.any():
        return np.full(len(values), np.nan)
    quantiles: Floats = np.nanquantile(values[:, rows], 0.9, axis=1, method="higher")
    return quantiles


def _costs(table: Table, phase: str, warm_up: int) -> tuple[Floats, Floats]:
    """The cost of an item, with what lies on the shelves and the fixed cost of the warehouses that the plan opens."""
    rows = table.of_phase(phase, warm_up)
    items = np.nansum(table.items[rows])
    if not items:
        return np.full(len(table.plan), np.nan), np.full(len(table.plan), np.nan)
    days = np.unique(table.day[rows]).size
    were_open = {row.warehouse for row in table.setting.today.network.warehouses if row.open}
    opened = [row for row in table.setting.plan.network.warehouses if row.open and row.warehouse not in were_open]
    fixed = sum(row.cost_year_minor for row in opened) * days / YEAR_DAYS
    today = np.full(len(table.plan), np.nansum(table.cost_today[rows]))
    held = table.shelf_cost(warm_up)
    if phase != STEADY:
        held = table.shelf_cost(0) - held
    return today / items, (np.nansum(table.cost_plan[:, rows], axis=1) + fixed + held) / items


def _sellers(table: Table, steady: NDArray[np.bool_], value: float) -> pl.DataFrame:
    names = table.keys.get_column("seller")
    days = max(np.unique(table.day[steady]).size, 1)
    lines = []
    for name in names.unique().sort():
        rows = steady & (names == name).to_numpy()
        today, plan = table.means(table.today, rows) / 24, table.means(table.plan, rows) / 24
        saved = np.nansum((table.today - table.plan)[:, rows], axis=1) / 24 * value
        spent = np.nansum(table.cost_plan[:, rows], axis=1) - np.nansum(table.cost_today[rows])
        gain = (saved - spent) * YEAR_DAYS / days
        days_interval, gain_interval = interval_of_worlds(plan - today), interval_of_worlds(gain)
        found = float(table.means((table.asks & ~table.missed).astype(float), rows).mean())
        lines.append(
            (name, int(rows.sum()), found, float(today.mean()), float(plan.mean()), days_interval.mean,
             days_interval.half_width, gain_interval.mean, gain_interval.half_width, float((gain < 0).mean()))
        )  # fmt: skip
    columns = (
        *("seller", "orders", "from_stock", "today_days", "plan_days", "difference_days", "half_width_days"),
        *("gain_minor", "half_width_minor", "loss_share"),
    )
    return pl.DataFrame(lines, schema=columns, orient="row")


def _shelves(setting: Setting, done: Sequence[Replication], warm_up: int) -> pl.DataFrame:
    """The shelves as they fared in steady state, on average over replications."""
    from_hour = setting.first_hour + 24 * warm_up
    flows = [follow(setting, each.lead_hours, from_hour) for each in done]
    days = max((setting.last_hour - from_hour) / 24, 1.0)
    asked, served, on_hand, ordered, orders = (
        np.mean([getattr(flow, name) for flow in flows], axis=0)
        for name in ("asked", "served", "on_hand", "ordered", "orders")
    )
    return setting.plan.named_shelves.with_columns(
        asked_day=pl.Series(asked / days),
        on_hand_mean=pl.Series(on_hand),
        simulated_share=pl.Series(np.divide(served, asked, out=np.full(asked.size, np.nan), where=asked > 0)),
        ordered_year=pl.Series(ordered / days * YEAR_DAYS),
        orders_year=pl.Series(orders / days * YEAR_DAYS),
    ).fill_nan(None)


def _lanes(table: Table, steady: NDArray[np.bool_], planned: Floats) -> pl.DataFrame:
    """By country what was planned and what came, those first that add most to the gap."""
    frame = pl.DataFrame(
        {
            "country": table.keys.get_column("country"),
            "planned_days": planned,
            "plan_days": mean_known(table.plan, axis=0) / 24,
        }
    )
    known = frame.filter(pl.Series(steady)).fill_nan(None).drop_nulls()
    gap = (pl.col("plan_days") - pl.col("planned_days")).sum() / max(known.height, 1)
    return (
        known.group_by("country")
        .agg(pl.len().alias("orders"), pl.col("planned_days", "plan_days").mean(), weighs_days=gap)
        .sort(pl.col("weighs_days").abs(), "country", descending=[True, False])
    )


def _day_value(setting: Setting, params: Judged) -> float:
    if params.day_value_minor is not None:
        return params.day_value_minor
    network = setting.plan.network
    rates = Exchange(network.currency, known_rates())
    return float(rates.find_converted(*DAY_VALUE, day_number(network.ordinary_week)) or 0)
