"""A plan in a few readable rules: the smallest tree of segments that stands in for the best option of every cell.

The rules are found on the plan's own costs, served by its warehouses, and counted again with shelves as the rules would
fill them. On orders of later weeks they are measured against the best options that those weeks would have had.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.planner.result import Plan, PlanFigures
from entrepost.planning.segmentation.cells import MarketSegments, measure_market, segment_market
from entrepost.planning.segmentation.planned import LimitPrice, later_market, plan_market, price_limit
from entrepost.planning.segmentation.ruled import serve_by_rules
from entrepost.planning.segmentation.rules import RuleText, to_rules
from entrepost.planning.segmentation.words import Vocabulary, list_segments
from entrepost.planning.segments import EXACT_LEAVES, Progress, SegmentParams, share_of
from entrepost.reference.country import get_country_name
from entrepost.reference.currency import get_exponent

LOSS_MAX = 0.1
"""So much of the saving rules may lose on the plan's own weeks."""
COUNTRIES_ALONE = 12
"""So many countries, those of most items, may be asked for alone."""


@dataclass(frozen=True, slots=True)
class PlanSegments:
    """The rules of a plan.

    Attributes
    ----------
    plan, ruled : Plan
        Cell by cell, and the same warehouses as the rules would fill and use them, at true cost.
    found : MarketSegments
        The segments on the plan's weeks; its regret counts every shelf as the plan states it.
    price : LimitPrice
        What the plan's limit is worth; savings and regrets hold at this price.
    later : MarketSegments, optional
        The same segments on later weeks, against what would have been best there.
    """

    plan: Plan
    ruled: Plan
    found: MarketSegments
    price: LimitPrice
    later: MarketSegments | None = None

    @property
    def saving_minor(self) -> float:
        """What the best option of every cell saves a year against today, at the price of the limit.

        The fixed cost of the warehouses is not in it: they are open with rules and without.
        """
        fixed = float(self.plan.warehouses.get_column("cost_year_minor").sum())
        return self._value(self.plan.today) - self._value(_planned(self.plan)) + fixed

    @property
    def share(self) -> float:
        """What the rules lose of that saving, every shelf at what it costs under the rules."""
        return share_of(self._value(_planned(self.ruled)) - self._value(_planned(self.plan)), self.saving_minor)

    def frame(self) -> pl.DataFrame:
        """The segments as people read them, with later_regret_share where it was measured; see `list_segments`."""
        frame = list_segments(self.found, self.vocabulary())
        if self.later is None:
            return frame
        saving = self.later.found.saving
        lost = [share_of(each.regret, saving) for each in self.later.found.segments]
        return frame.with_columns(later_regret_share=pl.Series(lost))

    def vocabulary(self) -> Vocabulary:
        """What services, countries and the currency are called."""
        network = self.plan.network
        items = self.plan.options.market.cells.group_by("country").agg(pl.col("items_year").sum())
        weight = dict(items.sort("country").iter_rows())
        return Vocabulary(
            {service.service: service.name for service in network.services},
            network.currency,
            get_exponent(network.currency),
            {code: get_country_name(code) for code in weight},
            weight,
        )

    def rules(self) -> RuleText:
        """The rule file that `choose` obeys, and what must lie beside it."""
        market = self.plan.options.market
        articles = market.sold.join(market.cells.select("cell", "region", "area"), on="cell")
        return to_rules(self.found, articles.select("seller", "region", "area", "sku", "cell"), self.vocabulary())

    def facts(self) -> dict[str, Any]:
        """What a program reads."""
        return {
            "status": self.found.found.status,
            "day_price_minor": self.price.day_minor,
            "in_time_price_minor": self.price.late_minor,
            "saving_year_minor": self.saving_minor,
            "regret_share": self.found.found.share,
            "regret_share_true": self.share,
            "regret_share_later": self.later.found.share if self.later else None,
            "rules": self.frame().to_dicts(),
        }

    def lines(self) -> list[str]:
        """The rules in a few lines for people."""
        found = self.found.found
        lost = f"{found.share:.1%} of the saving ({found.status}), {self.share:.1%} with shelves as they fill them"
        later = f", {self.later.found.share:.1%} on the orders since" if self.later else ""
        told = [f"rules       {len(found.segments)} for {self.found.market.cells.height:,} cells; lost {lost}{later}"]
        for row in self.frame().iter_rows(named=True):
            counts = f"{row['share']:.1%} of items, {row['cells']:,} cells"
            told.append(f"  rule {row['segment']}    {row['words']}: {row['served']} ({counts})")
        return told

    def _value(self, figures: PlanFigures) -> float:
        """Money, worth of waiting and the price of the limit, a year."""
        priced = self.price.year(figures.cost_year_minor, figures.items_year, figures.wait_days, figures.share_within)
        groups = self.plan.options.market.groups
        items = groups.get_column("items_year").to_numpy()
        own = float(items @ groups.get_column("value_day_minor").to_numpy() / items.sum())
        return priced + own * figures.wait_days * figures.items_year

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(row['words'])}</td><td>{html.escape(row['served'])}</td>"
            f"<td>{row['share']:.1%}</td><td>{row['regret_share']:.1%}</td></tr>"
            for row in self.frame().iter_rows(named=True)
        )
        head = "<tr><th>To whom</th><th>Served</th><th>Of all items</th><th>Lost of the saving</th></tr>"
        return f"<table><caption>{html.escape(self.lines()[0][12:])}</caption>{head}{rows}</table>"


def rules_wanted(
    leaves_max: int = EXACT_LEAVES, regret_share_max: float = LOSS_MAX, seconds_max: float = 60.0
) -> SegmentParams:
    """What the rules of a plan are asked for."""
    return SegmentParams(
        leaves_max, regret_share_max=regret_share_max, alone_max=COUNTRIES_ALONE, seconds_max=seconds_max
    )


def segment_plan(plan: Plan, params: SegmentParams | None = None, progress: Progress | None = None) -> PlanSegments:
    """Find the smallest set of rules that stands in for a plan.

    Parameters
    ----------
    plan : Plan
        What `entrepost.plan` found.
    params : SegmentParams, optional
        How much of the saving may be lost, and by how many rules; `rules_wanted` without it.
    progress : callable, optional
        Told after each number of leaves.

    Raises
    ------
    MisuseError
        When there is no plan.
    """
    if plan.planned is None:
        raise MisuseError("there is no plan to put into rules; loosen its limits")
    price = price_limit(plan)
    found = segment_market(plan_market(plan, price), params or rules_wanted(), progress)
    return PlanSegments(plan, serve_by_rules(plan, found, price), found, price)


def measure_later(found: PlanSegments, network: Network, orders: pl.DataFrame) -> PlanSegments:
    """The same rules with their regret on later weeks, asked as who knows the plan's history alone would ask them.

    Parameters
    ----------
    network : Network
        The one that was planned for.
    orders : DataFrame
        Rows of the table `orders`, placed after those of the plan.
    """
    later = later_market(found.plan, found.price, found.found.market, network, orders)
    return replace(found, later=measure_market(found.found, later))


def _planned(plan: Plan) -> PlanFigures:
    if plan.planned is None:
        raise MisuseError("there is no plan; loosen its limits")
    return plan.planned
