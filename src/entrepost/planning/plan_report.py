"""A plan's report: what to change, for whom, at which cost, how sure it is, and on what it rests."""

from __future__ import annotations

from dataclasses import dataclass, fields

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.plan_reporting.frames import (
    Served,
    arrivals,
    by_country,
    by_parts,
    by_region,
    by_seller,
    legs_of,
    origins_of,
    replenishment_of,
    served_of,
    stock_lines,
    warehouses_of,
)
from entrepost.planning.plan_segments import PlanSegments
from entrepost.planning.planner.result import Plan, PlanFigures
from entrepost.planning.reporting.sources import ASSUMED, rests_on
from entrepost.planning.trials.frames import Trial
from entrepost.reference.planning_term import PlanningTerms
from entrepost.reference.table import read_dated


@dataclass(frozen=True, slots=True)
class PlanFrames:
    """The frames of the report; `plan_reporting.frames` says what each holds."""

    regions: pl.DataFrame
    legs: pl.DataFrame
    origins: pl.DataFrame
    lines: pl.DataFrame
    warehouses: pl.DataFrame
    replenishment: pl.DataFrame
    parts: pl.DataFrame
    arrivals: pl.DataFrame
    countries: pl.DataFrame
    sellers: pl.DataFrame
    terms: pl.DataFrame
    rests: pl.DataFrame


@dataclass(frozen=True, slots=True)
class PlanReport:
    """All that the report says, before it is written down.

    Attributes
    ----------
    plan, served : Plan
        As it was proved, cell by cell; and as it is carried out: by its rules where there are any.
    segments, front, trial, shocks : optional
        The rules, the curve of `draw_front`, what came of trying the plan, what other worlds would make of it.
    frames : PlanFrames
        Today and the plan by region, country, part of the cost, seller and warehouse.
    """

    plan: Plan
    served: Plan
    frames: PlanFrames
    scale: float
    segments: PlanSegments | None = None
    front: pl.DataFrame | None = None
    trial: Trial | None = None
    shocks: pl.DataFrame | None = None

    @property
    def today(self) -> PlanFigures:
        """Direct mail as it is chosen now."""
        return self.plan.today

    @property
    def then(self) -> PlanFigures:
        """The plan as it is carried out."""
        if self.served.planned is None:
            raise MisuseError("there is no plan to report; loosen its limits")
        return self.served.planned

    def _repr_html_(self) -> str:
        """For notebooks: the figures, pictures and rules, without the scripts of the page."""
        from entrepost.documents.page import render_part
        from entrepost.planning.plan_reporting.page import make_plan_page

        return render_part(make_plan_page(self))


def make_plan_report(
    network: Network,
    plan: Plan,
    segments: PlanSegments | None = None,
    front: pl.DataFrame | None = None,
    trial: Trial | None = None,
    shocks: pl.DataFrame | None = None,
) -> PlanReport:
    """Compute a plan's report.

    Parameters
    ----------
    network : Network
        As it is today: names, places and sources of its routes.
    plan : Plan
        What `entrepost.plan` found.
    segments : PlanSegments, optional
        Its rules; the report then tells the plan as they carry it out.
    front, trial, shocks : optional
        What `draw_front`, `try_plan` and `list_sensitivities` gave.

    Raises
    ------
    MisuseError
        When there is no plan.
    """
    served = segments.ruled if segments else plan
    if served.planned is None:
        raise MisuseError("there is no plan to report; loosen its limits")
    both = served_of(plan, served)
    return PlanReport(plan, served, _frames(network, served, both), both.scale, segments, front, trial, shocks)


def _frames(network: Network, served: Plan, both: Served) -> PlanFrames:
    return PlanFrames(
        regions=by_region(served.network, both),
        legs=legs_of(network, both),
        origins=origins_of(network, both),
        lines=stock_lines(served.network, both),
        warehouses=warehouses_of(served, both.scale),
        replenishment=replenishment_of(served),
        parts=by_parts(both),
        arrivals=arrivals(both),
        countries=by_country(both),
        sellers=by_seller(served, both),
        terms=_terms(served),
        rests=_rests(network, served, both),
    )


def _terms(plan: Plan) -> pl.DataFrame:
    """meaning, value, unit, source of every rate and share that the plan takes."""
    table, own = read_dated("planning_terms", "term"), plan.params.terms
    day, rows = plan.options.market.day, []
    for each in fields(PlanningTerms):
        row = table.at(each.name, day)
        value = own.get(each.name, float(row["value"]))
        rows.append((row["meaning"], value, row["unit"], "given with the plan" if each.name in own else row["source"]))
    return pl.DataFrame(rows, schema=["meaning", "value", "unit", "source"], orient="row")


def _rests(network: Network, served: Plan, both: Served) -> pl.DataFrame:
    """state, kind, days: what of the expected wait, today and by the plan, rests on a source and what is assumed."""
    names = ("service", "route", "area", "items")
    today = both.today.select(*names[:-1], items="items_year")
    share = pl.col("served_share")
    stocked = both.plan.filter(pl.col("warehouse").is_not_null())
    local = stocked.select(*names[:-1], items=pl.col("items_year") * share)
    direct = both.plan.filter(pl.col("warehouse").is_null()).select(*names[:-1], items="items_year")
    frames = [rests_on(network, today), rests_on(network, direct), rests_on(served.network, local)]
    weights = [1.0, *_weights(direct, local)]
    rows = [
        frame.with_columns(state=pl.lit(state), days=pl.col("days") * weight)
        for frame, state, weight in zip(frames, ("before", "after", "after"), weights, strict=True)
    ]
    kind = pl.when(pl.col("source") == ASSUMED).then(pl.lit("assumed")).otherwise(pl.lit("from a source"))
    return pl.concat(rows).group_by("state", kind=kind).agg(pl.col("days").sum()).sort("state", "kind")


def _weights(direct: pl.DataFrame, local: pl.DataFrame) -> tuple[float, float]:
    """The shares of mail and of stock among the items whose way is known for certain."""
    sums = [float(each.get_column("items").sum()) for each in (direct, local)]
    total = sum(sums) or 1.0
    return sums[0] / total, sums[1] / total
