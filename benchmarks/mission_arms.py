"""The arms of the mission's proof: today, better services, stock by thumb, the plan, and the plan with hindsight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from entrepost.network.candidates import sample_candidates
from entrepost.network.network import Network
from entrepost.planning.options_stock import find_stock_service
from entrepost.planning.plan import plan_dearer, search_plan
from entrepost.planning.planner.export import format_plan_rules, open_planned
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.result import Plan
from entrepost.planning.shelf import keep_shares
from entrepost.planning.trial import TrialPlan
from entrepost.planning.trials.planned import keep_rules, planned_trial
from entrepost.planning.trials.renewal import list_weeks
from entrepost.planning.trials.turns import list_turns
from entrepost.service.policy import RuleFile

SPLIT = datetime(2026, 2, 5, tzinfo=UTC)
"""The day of 2018-02-01, moved as the orders are."""
HISTORY_WEEKS = 26
"""What is planned on: the half year before. Demand grew all the time, so older orders would understate it."""
DEARER_MOST = 1.05
"""What is aimed at: the arms cost at most so many times what today costs."""
MARKETS, TOP_ARTICLES, THUMB_SHARE = 3, 100, 0.95
HOUSE_MODE = "air"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Arms:
    """A1 to A4 ready to be tried, and the plan on what was known."""

    tried: dict[str, TrialPlan]
    known: Plan


def split(orders: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the planner sees, and what comes after."""
    placed = pl.col("placed_at")
    return orders.filter(placed < SPLIT, placed >= SPLIT - timedelta(weeks=HISTORY_WEEKS)), orders.filter(
        placed >= SPLIT
    )


def make_arms(
    network: Network, orders: pl.DataFrame, params: PlanParams, dearer: float, folder: Path, say: Say
) -> Arms:
    """All arms from orders of both sides of the split; A1, A3 and A4 may cost so many times what today costs."""
    before, after = split(orders)
    candidates = sample_candidates()
    known = plan_dearer(network, before, dearer, replace(params, as_of=SPLIT), candidates)
    say("A3, planned on what was known: " + "; ".join(known.lines()))
    closed = replace(known.params, forbidden=_codes(known.network))
    services = search_plan(known.options, known.network, closed)
    say("A1, services alone: " + "; ".join(services.lines()))
    hindsight = plan_dearer(network, after, dearer, params, candidates)
    say("A4, planned on what came: " + "; ".join(hindsight.lines()))
    tried = {
        "A1": planned_trial(services, keep_rules(services, folder / "a1.toml"), filled=True),
        "A2": by_thumb(known, services, orders, folder / "a2.toml"),
        "A3": planned_trial(known, keep_rules(known, folder / "a3.toml"), filled=True, orders=orders),
        "A4": planned_trial(hindsight, keep_rules(hindsight, folder / "a4.toml"), filled=True),
    }
    return Arms(tried, known)


def by_thumb(known: Plan, services: Plan, orders: pl.DataFrame, rules: Path) -> TrialPlan:
    """What a practitioner might do: a warehouse in each of the largest markets with what sells most there, by air.

    The articles that sold most in the days known, each with a base stock that serves `THUMB_SHARE` of its demand; each
    week the list is made anew.
    """
    options, terms = known.options, known.options.terms
    groups = options.market.groups
    items = groups.group_by("country").agg(pl.col("items_year").sum()).sort("items_year", descending=True)
    markets = items.get_column("country").to_list()
    homes = {}
    for row in sorted(known.network.warehouses, key=lambda each: each.cost_year_minor):
        homes.setdefault(known.network.get_facility(row.warehouse).country, row.warehouse)
    chosen = [homes[country] for country in markets if country in homes][:MARKETS]
    begin = _thumb_shelves(known, chosen, orders, SPLIT)
    weeks = [(week, _thumb_shelves(known, chosen, orders, week)) for week in list_weeks(SPLIT, orders)]
    forced = replace(services.params, budget_minor=None, forced=tuple(chosen), forbidden=(), day_value_minor=0.0)
    opened = search_plan(known.options, known.network, replace(forced, forbidden=_others(known.network, chosen)))
    stock = find_stock_service(known.network)
    text = format_plan_rules(services)
    if stock is not None:
        text = text.replace("services = [", f'services = ["{stock.service}", ')
    rules.write_text(text, encoding="utf-8")
    hours = round(24 * terms.review_days)
    return TrialPlan(
        open_planned(opened), begin, RuleFile(rules), review_hours=hours, terms=terms,
        renewed=list_turns(begin, weeks),
    )  # fmt: skip


def _thumb_shelves(known: Plan, chosen: list[str], orders: pl.DataFrame, instant: datetime) -> pl.DataFrame:
    """The shelves of the articles that sold most by then, full."""
    options, terms, days = known.options, known.options.terms, known.params.known_days
    lead = options.inbound.filter(pl.col("warehouse").is_in(chosen), pl.col("mode") == HOUSE_MODE)
    recent = orders.filter(pl.col("placed_at").is_between(instant - timedelta(days=days), instant, closed="left"))
    served = {row.warehouse: row.countries.split("+") for row in known.network.warehouses}
    shelves = []
    for code in chosen:
        sold = recent.filter(pl.col("country").is_in(served[code]), pl.col("sku").is_not_null())
        top = sold.group_by("seller", "sku").agg(pl.col("quantity").sum(), pl.col("origin").first())
        top = top.sort("quantity", "sku", descending=[True, False]).head(TOP_ARTICLES)
        shelves.append(top.with_columns(warehouse=pl.lit(code)))
    asked = pl.concat(shelves).join(lead.select("origin", "warehouse", "lead_days_mean"), on=["origin", "warehouse"])
    cover = asked.get_column("lead_days_mean") + terms.review_days / 2
    load = (asked.get_column("quantity") / days * cover).to_numpy()
    level = np.maximum(1, np.ceil(keep_shares(load, np.array([THUMB_SHARE]))[0][:, 0])).astype(np.int64)
    return asked.select("warehouse", "seller", "sku").with_columns(
        on_hand=pl.Series(level), reorder=pl.Series(level) - 1, lot=pl.lit(1), mode=pl.lit(HOUSE_MODE),
        served_share=pl.lit(THUMB_SHARE),
    )  # fmt: skip


def _codes(network: Network) -> tuple[str, ...]:
    return tuple(row.warehouse for row in network.warehouses)


def _others(network: Network, chosen: list[str]) -> tuple[str, ...]:
    return tuple(code for code in _codes(network) if code not in chosen)
