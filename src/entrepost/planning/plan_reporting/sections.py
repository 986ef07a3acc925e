"""The sections of a plan's report about what changes: the map, the wait, the rules, the warehouses, the cost."""

from __future__ import annotations

import polars as pl

from entrepost.documents.charts import draw_arrivals, draw_before_after
from entrepost.documents.map import draw_map
from entrepost.documents.page import Figure, Section
from entrepost.documents.plan_charts import draw_bridge, draw_pareto
from entrepost.documents.segments_tree import draw_segments
from entrepost.documents.table import Column, Table
from entrepost.documents.theme import thresholds
from entrepost.documents.warehouse_map import draw_warehouses
from entrepost.planning.plan_report import PlanReport
from entrepost.planning.plan_reporting.words import amount, signed
from entrepost.planning.reporting.words import list_words, share

COUNTRIES_SHOWN = 12
CITIES_NAMED = 8


def wait_section(report: PlanReport) -> Section:
    """How long customers wait, today and with the plan, and where."""
    today, then, within = report.today, report.then, report.plan.params.within_days
    return Section(
        "wait",
        "How long would customers wait?",
        (
            f"{share(today.share_within)} of the items are there within {within} days today, "
            f"{share(then.share_within)} with the plan. "
            f"{share(then.from_stock_share)} of the items would come from a warehouse, all others go as they go "
            "today or by a quicker service.",
        ),
        (_arrivals(report), _today_map(report), _plan_map(report), *_countries(report)),
    )


def _arrivals(report: PlanReport) -> Figure:
    frame = report.frames.arrivals
    wide = frame.pivot("state", index="days", values="share")
    columns = (
        Column("days", "Days since the order", "count"),
        Column("before", "Served today", "share"),
        Column("after", "Served with the plan", "share"),
    )
    return Figure(
        "arrivals",
        "How many customers have their order after so many days, today (dashed) and with the plan",
        f"Two rising lines. Within 10 days {_within(wide, 10, 'before')} are served today and "
        f"{_within(wide, 10, 'after')} with the plan.",
        draw_arrivals(frame),
        Table(wide, columns),
        "Known for 3, 5, 7, 10, 14, 21, 30 and 60 days; straight in between.",
    )


def _within(wide: pl.DataFrame, days: int, state: str) -> str:
    return share(float(wide.filter(pl.col("days") == days)[state][0]))


def _today_map(report: PlanReport) -> Figure:
    frames = report.frames
    regions = frames.regions.rename({"before": "wait_days"})
    return Figure(
        "map-today",
        "Today: where items come from and how long customers wait",
        "A world map: lines of direct mail from the cities of origin, and a circle for each region, darker where the "
        "wait is longer.",
        draw_map(regions, frames.legs, frames.origins, _days(report)),
        _regions_table(report),
        "A circle is a region: its size shows the items, its colour the mean wait. A line is a leg, as wide as the "
        "items it carries; squares are where items are handed in. Both maps have the same colours.",
    )


def _plan_map(report: PlanReport) -> Figure:
    frames = report.frames
    regions = frames.regions.rename({"after": "wait_days"})
    return Figure(
        "map-planned",
        "The plan: where stock lies, how it comes there, and how long customers wait then",
        "A world map: squares for the open warehouses, lines by which their stock comes, and a circle for each region, "
        "darker where the wait is longer.",
        draw_warehouses(frames.warehouses, frames.lines, regions, _days(report)),
        Table(
            frames.lines.sort("items", descending=True),
            (
                Column("line", "Stock comes"),
                Column("mode", "By"),
                Column("items", "Items a year", "count"),
            ),
        ),
        "A square is a warehouse, as large as the items that it serves. Its stock comes by sea on a full line, by "
        "rail on a long dash, by air on a short one, by road on both.",
    )


def _days(report: PlanReport) -> list[float]:
    """The classes of waits of both maps."""
    regions = report.frames.regions
    both = pl.concat([regions.select("items", wait=name) for name in ("before", "after")])
    return thresholds(both["wait"].to_list(), both["items"].to_list())


def _regions_table(report: PlanReport) -> Table:
    return Table(
        report.frames.regions,
        (
            Column("place", "Region"),
            Column("country", "Country"),
            Column("items", "Items a year", "count"),
            Column("before", "Mean wait today, days", "days"),
            Column("after", "With the plan, days", "days"),
        ),
    )


def _countries(report: PlanReport) -> list[Figure]:
    """Country by country, where there are several."""
    shown = report.frames.countries.head(COUNTRIES_SHOWN)
    if shown.height < 2:
        return []
    figure = Figure(
        "countries",
        f"The mean wait in the {shown.height} countries with most items, today and with the plan",
        "Two bars for each country: its mean wait today and with the plan.",
        draw_before_after(shown.select("label", "before", "after"), "Mean wait, days"),
        Table(
            report.frames.countries,
            (
                Column("label", "Country"),
                Column("items", "Items a year", "count"),
                Column("from_stock", "From stock", "share"),
                Column("before", "Mean wait today, days", "days"),
                Column("after", "With the plan, days", "days"),
                Column("cost_before", f"An item today, {report.plan.currency}", "money"),
                Column("cost_after", f"With the plan, {report.plan.currency}", "money"),
            ),
        ),
    )
    return [figure]


def curve_section(report: PlanReport) -> Section:
    """What a shorter wait costs: the curve."""
    front = report.front
    if front is None:
        raise ValueError("the report has no curve to tell of")
    points = _points(report, front)
    cheapest, quickest = (front.sort("wait_days", descending=down).row(0, named=True) for down in (True, False))
    currency = report.plan.currency
    return Section(
        "curve",
        "What does a shorter wait cost?",
        (
            f"Each point is the cheapest plan for its wait, from {cheapest['wait_days']:.1f} days at {currency} "
            f"{cheapest['cost_item_minor'] / report.scale:,.2f} an item to {quickest['wait_days']:.1f} days at "
            f"{currency} {quickest['cost_item_minor'] / report.scale:,.2f}. No plan lies below the pale strokes: "
            "that is proved.",
        ),
        (
            Figure(
                "pareto",
                "The cost of an item for each mean wait, with how many warehouses are open",
                "A falling curve: the shorter the wait, the dearer an item; today stands beside it.",
                draw_pareto(points, currency),
                Table(
                    points.with_columns(
                        kind=pl.col("kind").replace({"plan": "on the curve", "chosen": "this plan"})
                    ).sort("wait_days", "kind"),
                    (
                        Column("kind", "What"),
                        Column("wait_days", "Mean wait, days", "days2"),
                        Column("cost", f"Cost of an item, {currency}", "money"),
                        Column("bound", f"No less than, {currency}", "money"),
                        Column("warehouses", "Warehouses open", "count"),
                    ),
                ),
            ),
        ),
    )


def _points(report: PlanReport, front: pl.DataFrame) -> pl.DataFrame:
    """The curve with today and this plan; the bound of a point is what money alone comes to at its wait at least."""
    items = report.today.items_year
    wait = pl.col("day_minor") * pl.col("wait_days") * items
    plans = front.select(
        pl.lit("plan").alias("kind"),
        "wait_days",
        cost=pl.col("cost_item_minor") / report.scale,
        warehouses=pl.col("warehouses").cast(pl.Int64),
        bound=(pl.col("bound_year_minor") - wait) / items / report.scale,
    )
    today, then = report.today, report.then
    more = pl.DataFrame(
        {
            "kind": ["chosen", "today"],
            "wait_days": [then.wait_days, today.wait_days],
            "cost": [then.cost_item_minor / report.scale, today.cost_item_minor / report.scale],
            "warehouses": [then.warehouses, today.warehouses],
            "bound": [None, None],
        },
        schema_overrides={"bound": pl.Float64},
    )
    # The last point is the quickest at any price: what it costs at least is not bounded in money.
    known = pl.col("bound").clip(0.0, None)
    return pl.concat([plans.with_columns(bound=known.clip(None, pl.col("cost"))), more])


def rules_section(report: PlanReport) -> Section:
    """The plan in rules."""
    rules = report.segments
    if rules is None:
        raise ValueError("the report has no rules to tell of")
    found, frame = rules.found.found, rules.frame()
    cells = rules.found.market.cells.height
    proof = "no tree of so few rules over the same questions loses less" if found.status == "proved" else "unproved"
    texts = [
        f"{len(frame)} rules stand in for the best way of each of {cells:,} cells. They lose {share(found.share)} of "
        f"what the plan saves ({proof}); {share(rules.share)} when each shelf is counted as the rules fill it. The "
        "figures of this report are those of the rules.",
    ]
    if rules.later:
        texts.append(
            f"On the orders since, which the plan did not know, they lose {share(rules.later.found.share)} of what "
            "would have been saved by the best way of each cell in those weeks."
        )
    if rules.price.day_minor or rules.price.late_minor:
        texts.append(_price(report))
    later = (Column("later_regret_share", "Lost on later orders", "share"),) if rules.later else ()
    return Section(
        "rules",
        "Who is served how?",
        tuple(texts),
        (
            Figure(
                "segments",
                "The rules: to whom, how they are served, and their share of all items",
                "; ".join(
                    f"{row['words']}: {row['served']}, {share(row['share'])}" for row in frame.iter_rows(named=True)
                ),
                draw_segments(frame),
                Table(
                    frame,
                    (
                        Column("segment", "Rule", "count"),
                        Column("words", "To whom and what"),
                        Column("served", "Served"),
                        Column("cells", "Cells", "count"),
                        Column("items_year", "Items a year", "count"),
                        Column("share", "Share of items", "share"),
                        Column("regret_share", "Lost of the saving", "share"),
                        *later,
                    ),
                ),
            ),
        ),
    )


def _price(report: PlanReport) -> str:
    rules, currency, scale = report.segments, report.plan.currency, report.scale
    if rules is None:
        return ""
    if rules.price.late_minor:
        price = f"an item in time is worth {currency} {rules.price.late_minor / scale:,.2f} more"
    else:
        day = rules.price.day_minor
        more = "more" if day >= 0 else "less"
        price = f"a day sooner is worth {currency} {abs(day) / scale:,.2f} an item {more}"
    limit = f"The plan keeps a limit, so {price} to it than customers say"
    return f"{limit}; what is saved and lost is counted at that price."


def stock_section(report: PlanReport) -> Section:
    """The warehouses with what lies in them and how it comes again."""
    frame, served = report.frames.warehouses, report.served
    if frame.is_empty():
        text = "The plan opens no warehouse: for nobody does stock abroad save more than it costs."
        return Section("stock", "Which warehouses, with what in them?", (text,))
    cities = frame["place"].to_list()
    named = list_words([*cities[:CITIES_NAMED], *([f"{len(cities) - CITIES_NAMED} more"] if len(cities) > 8 else [])])
    cost = float(frame["cost_year"].sum())
    articles = served.stock.select(pl.struct("seller", "sku").n_unique()).item()
    currency = report.plan.currency
    return Section(
        "stock",
        "Which warehouses, with what in them?",
        (
            f"Open {len(cities)}: {named}. Their fixed cost is {currency} {amount(cost)} a year. {articles:,} "
            f"articles lie there, {amount(float(served.stock['on_hand'].sum()))} pieces on the shelves on average.",
        ),
        (
            Table(
                frame,
                (
                    Column("place", "Warehouse"),
                    Column("country", "Country"),
                    Column("items", "Items a year", "count"),
                    Column("articles", "Articles", "count"),
                    Column("pieces", "Pieces on shelves", "count"),
                    Column("filled", "Of its room", "share"),
                    Column("cost_year", f"Fixed cost a year, {currency}", "count"),
                    Column("source", "Its costs are"),
                ),
            ),
            Table(
                report.frames.replenishment,
                (
                    Column("place", "Stock for"),
                    Column("mode", "comes by"),
                    Column("articles", "Articles", "count"),
                    Column("pieces_week", "Pieces a week", "count"),
                    Column("lead_days_mean", "Lead time, days", "days"),
                    Column("level", "Order up to, pieces", "count"),
                    Column("on_hand", "On shelves, pieces", "count"),
                ),
            ),
        ),
        ("What to order, article by article, is in stock.csv of the plan's folder.",),
    )


def cost_section(report: PlanReport) -> Section:
    """From today's cost to the plan's."""
    today, then, currency = report.today, report.then, report.plan.currency
    more = (then.cost_item_minor - today.cost_item_minor) / report.scale
    saved = today.wait_days - then.wait_days
    whose = (
        "the operator's part at its cost" if report.plan.params.side == "post" else "the operator's part at its price"
    )
    each = f" That is {currency} {amount(more / saved, 2)} for each day less." if saved > 0.005 else ""
    return Section(
        "cost",
        "What does it cost, and where does the money go?",
        (
            f"An item costs {currency} {today.cost_item_minor / report.scale:,.2f} today and "
            f"{then.cost_item_minor / report.scale:,.2f} with the plan ({signed(more)}), {whose}; the goods "
            f"themselves are not counted.{each}",
        ),
        (
            Figure(
                "bridge",
                "From today's cost of an item to the plan's, part by part",
                (
                    "Bars like a bridge: from today's cost each part that becomes dearer or cheaper leads to the "
                    "plan's cost."
                ),
                draw_bridge(report.frames.parts, currency),
                Table(
                    report.frames.parts.with_columns(change=pl.col("plan") - pl.col("today")),
                    (
                        Column("label", "Part"),
                        Column("today", f"Today, {currency}", "money"),
                        Column("plan", f"The plan, {currency}", "money"),
                        Column("change", f"Difference, {currency}", "money"),
                    ),
                ),
            ),
        ),
    )
