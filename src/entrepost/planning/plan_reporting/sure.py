"""The sections of a plan's report about sellers, the trial, how sure it is, and on what it rests."""

from __future__ import annotations

import polars as pl

from entrepost.documents.page import Figure, Section
from entrepost.documents.plan_charts import draw_trial_days
from entrepost.documents.table import Column, Table
from entrepost.planning.plan_report import PlanReport
from entrepost.planning.plan_reporting.words import amount, signed
from entrepost.planning.reporting.words import share
from entrepost.planning.trials.frames import Trial

MEASURES = {
    "wait_days": ("Mean wait, days", 1.0),
    "wait_days_p90": ("Nine in ten wait at most, days", 1.0),
    "undelivered": ("Not delivered, %", 100.0),
    "from_stock": ("From stock, %", 100.0),
}
"""What a trial measures, in words, with the factor by which it is shown; costs and shares in time are added."""


def sellers_section(report: PlanReport) -> Section:
    """Per seller what to stock, what it brings, what it risks."""
    frame, currency = report.frames.sellers, report.plan.currency
    stocked = frame.filter(pl.col("articles") > 0)
    trial = report.trial
    texts = [
        f"{stocked.height} of {frame.height} sellers would lay {amount(float(frame['pieces'].sum()))} pieces worth "
        f"{currency} {amount(float(frame['goods'].sum()))} into warehouses. A seller may stay out "
        "of the plan and is then served as today.",
    ]
    more: tuple[Column, ...] = ()
    if trial is not None:
        tried = trial.sellers.select("seller", "loss_share", tried="difference_days", sure="half_width_days")
        frame = frame.join(tried, on="seller", how="left", maintain_order="left")
        more = (
            Column("tried", "Days in the trial", "days2"),
            Column("sure", "give or take", "days2"),
            Column("loss_share", "Runs with a loss", "share"),
        )
        texts.append(
            "The last columns are from the trial: days more or less in steady state, and in how many runs it lost."
        )
    return Section(
        "sellers",
        "What does it mean for each seller?",
        tuple(texts),
        (
            Table(
                frame,
                (
                    Column("seller", "Seller"),
                    Column("articles", "Articles to stock", "count"),
                    Column("pieces", "Pieces on shelves", "count"),
                    Column("goods", f"Goods at risk, {currency}", "count"),
                    Column("write_off", f"Write-off a year, {currency}", "count"),
                    Column("from_stock", "From stock", "share"),
                    Column("days_saved", "Days less an item", "days2"),
                    Column("more_cost", f"Cost more a year, {currency}", "count"),
                    Column("worth", f"Days are worth, {currency}", "count"),
                    *more,
                ),
            ),
        ),
        (
            "Goods at risk are the pieces on shelves at their sales value; the write-off is what of them is "
            "expected to lose its value. What days are worth is the customers' own worth of waiting, assumed.",
        ),
    )


def trial_section(trial: Trial, report: PlanReport) -> Section:
    """What came of trying it."""
    verdict = "agree" if trial.accepted else "do not agree"
    return Section(
        "trial",
        "Was it tried?",
        (
            f"Today and the plan ran side by side in {len(trial.seeds)} simulated worlds that the plan does not "
            f"know, on the same orders and with the same luck for each. Plan and simulation {verdict}: "
            f"{trial.planned_days:.2f} days were planned, {trial.simulated.mean:.2f} ± "
            f"{trial.simulated.half_width:.2f} came out in steady state.",
            *trial.reasons,
        ),
        (
            Figure(
                "trial-days",
                "The mean wait of each day's orders in the trial, today (dashed) and with the plan",
                "Two lines by day: the plan's falls below today's while shelves fill, and stays there.",
                draw_trial_days(trial.days, trial.warm_up_days),
                Table(
                    trial.days,
                    (
                        Column("day", "Day", "count"),
                        Column("orders", "Orders", "count"),
                        Column("today_days", "Today, days", "days2"),
                        Column("plan_days", "The plan, days", "days2"),
                        Column("from_stock", "From stock", "share"),
                    ),
                ),
            ),
            Table(
                _differences(trial, report),
                (
                    Column("phase", "Phase"),
                    Column("label", "Measure"),
                    Column("today", "Today", "days2"),
                    Column("plan", "The plan", "days2"),
                    Column("difference", "Difference"),
                ),
            ),
        ),
        ("Differences with the half-width of their interval (95 %), from paired runs.",),
    )


def _differences(trial: Trial, report: PlanReport) -> pl.DataFrame:
    rows = []
    for row in trial.differences.drop_nulls("difference").iter_rows(named=True):
        name = row["measure"]
        label, factor = MEASURES.get(name, (name, 1.0))
        if name == "cost_item_minor":
            label, factor = f"Cost of an item, {report.plan.currency}", 1 / report.scale
        if name.startswith("within_"):
            label, factor = f"Within {name.split('_')[1]} days, %", 100.0
        said = f"{signed(row['difference'] * factor)} ± {(row['half_width'] or 0.0) * factor:.2f}"
        rows.append((row["phase"], label, row["today"] * factor, row["plan"] * factor, said))
    return pl.DataFrame(rows, schema=["phase", "label", "today", "plan", "difference"], orient="row")


def sure_section(report: PlanReport) -> Section:
    """How sure the plan is: the gap, what could be stocked, what was not looked at, other worlds."""
    plan = report.plan
    gap = f"{plan.gap:.2%}".replace("%", " %") if plan.gap < 10 else "not known"
    state = {"proved": "as exact as was asked for", "stopped": "the search was stopped before it was as exact as asked"}
    texts = [
        f"Another plan could cost {gap} less at most, in money and worth of waiting; the value of goods is not in "
        f"it. That is proved ({state.get(plan.status, plan.status)}), for the options, costs and demand that the "
        "plan was given.",
        f"{share(plan.stockable_share)} of all items could be stocked at all. The rest sells too rarely to know where.",
        "Waits are those of the ordinary week: no holidays, departures as full as the network says. Demand is taken "
        "as it was in the weeks that the plan knows. "
        + (
            "A trial in simulated worlds stands above." if report.trial else "The plan was not tried in simulation yet."
        ),
    ]
    parts: tuple[Table, ...] = ()
    if report.shocks is not None:
        parts = (_shocks(report, report.shocks),)
        texts.append(
            "The table says what the plan would be in other worlds, and what it costs to keep it as it is there."
        )
    return Section("sure", "How sure is it?", tuple(texts), parts)


def _shocks(report: PlanReport, shocks: pl.DataFrame) -> Table:
    money = ("cost_item_minor", "kept_cost_item_minor", "regret_year_minor")
    frame = shocks.with_columns(pl.col(name) / report.scale for name in money)
    currency = report.plan.currency
    return Table(
        frame,
        (
            Column("shock", "World"),
            Column("wait_days", "Wait of a new plan, days", "days2"),
            Column("cost_item_minor", f"An item, {currency}", "money"),
            Column("warehouses", "Warehouses", "count"),
            Column("kept_wait_days", "Wait of this plan, days", "days2"),
            Column("kept_cost_item_minor", f"An item, {currency}", "money"),
            Column("regret_year_minor", f"Keeping it costs a year, {currency}", "count"),
        ),
    )


def assumptions_section(report: PlanReport) -> Section:
    """On what it rests: every figure with its source, or *assumed*."""
    rests = report.frames.rests
    shares = {state: _assumed(rests, state) for state in ("before", "after")}
    terms = report.frames.terms
    terms = terms.with_columns(
        value=pl.Series([_written(value) for value in terms.get_column("value").to_list()], dtype=pl.String)
    )
    assumed = report.frames.warehouses.filter(pl.col("source") == "assumed").height
    return Section(
        "assumptions",
        "On what does it rest?",
        (
            f"{share(shares['before'])} of the expected wait of today, and {share(shares['after'])} of the plan's, "
            "rest on figures that are assumed; the rest on published sources, which the network folder names. The "
            f"costs of {assumed} of the {report.frames.warehouses.height} warehouses are assumed, and so is every "
            "rate below that says so.",
            f"A day of waiting is worth {report.plan.currency} {_day_value(report):,.2f} an item to customers: "
            f"assumed. Demand rests on {report.plan.options.market.days:,.0f} days of orders up to "
            f"{report.plan.options.market.day:%-d %B %Y}.",
            f"What is due at the border on mail is what customs ask, for {share(_dues_known(report))} of the items. "
            "For the rest, and for goods that come in bulk while no tariff is loaded, one assumed rate of each country "
            "stands in.",
        ),
        (
            Table(
                terms,
                (
                    Column("meaning", "What"),
                    Column("value", "Value"),
                    Column("unit", "Unit"),
                    Column("source", "Source"),
                ),
            ),
        ),
    )


def _dues_known(report: PlanReport) -> float:
    """The share of items by mail, over all services, whose dues customs know."""
    options = report.plan.options
    items = options.market.groups.get_column("items_year")
    direct = options.rows.filter(pl.col("kind") == "direct")
    direct = direct.with_columns(items=items.gather(direct.get_column("place")))
    return float(direct.select((pl.col("dues_known") * pl.col("items")).sum() / pl.col("items").sum()).item() or 0.0)


def _assumed(rests: pl.DataFrame, state: str) -> float:
    frame = rests.filter(pl.col("state") == state)
    total = float(frame["days"].sum())
    return float(frame.filter(pl.col("kind") == "assumed")["days"].sum()) / total if total else 0.0


def _written(value: float) -> str:
    return f"{value:,.10g}"


def _day_value(report: PlanReport) -> float:
    groups = report.plan.options.market.groups
    items = groups.get_column("items_year").to_numpy()
    return float(items @ groups.get_column("value_day_minor").to_numpy() / items.sum()) / report.scale
