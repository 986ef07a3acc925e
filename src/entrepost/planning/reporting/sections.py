"""The sections of the report about what is: the wait, the promises, the lanes, what came in."""

from __future__ import annotations

import polars as pl

from entrepost.documents.charts import draw_arrivals, draw_journey
from entrepost.documents.lanes import draw_lanes
from entrepost.documents.map import draw_map
from entrepost.documents.page import Figure, Section
from entrepost.documents.promises import draw_due, draw_kept
from entrepost.documents.table import WHOLE, Column, Table
from entrepost.planning.report import IntakeSummary, Report, State
from entrepost.planning.reporting.frames import PARTS
from entrepost.planning.reporting.words import list_words, share

LANES_SHOWN = 16
LANE_ORDERS_LEAST = 30
"""A lane with fewer orders says little; it stands in the table, not in the picture."""

KEPT_COLUMNS = (
    Column("orders", "Promises", "count"),
    Column("stated", "Promised", "share"),
    Column("kept", "Kept", "share"),
    Column("error", "Standard error", "share"),
)


def wait_section(report: Report) -> Section:
    """How long customers wait and where the days are lost."""
    state = report.before
    late = float(state.arrivals.filter(pl.col("days") <= 20)["share"].max() or 0.0)  # type: ignore[arg-type]
    return Section(
        "wait",
        "How long do customers wait, and where are the days lost?",
        (
            f"After 20 days {share(late)} of the customers have been served; {100 * state.figures.undelivered:.2f} % "
            "never are within 60 days. An average hides who waits longest, so the curve below shows all of them. The "
            "staircase under it takes the average order apart: a long bar is where days can be won.",
        ),
        (_curve(state), _journey(state), _map(report)),
    )


def _curve(state: State) -> Figure:
    return Figure(
        "arrivals",
        "How many customers have their order after so many days",
        "A rising line: the share of customers served by each day since the order.",
        draw_arrivals(state.arrivals.with_columns(state=pl.lit("before"))),
        Table(
            state.arrivals,
            (Column("days", "Days since the order", "days"), Column("share", "Customers served", "share")),
        ),
    )


def _journey(state: State) -> Figure:
    return Figure(
        "journey",
        "Where the days are lost: the average order, step by step",
        "Bars like a staircase: each step of the journey begins where the one before it ends.",
        draw_journey(state.steps),
        Table(
            state.steps,
            (
                Column("label", "Step"),
                Column("days", "Days of the average order", "days2"),
                Column("interpolated_days", "of which shared out where scans were missing", "days2"),
            ),
        ),
        "Averages over all orders, so a step that only some orders take counts for its share of them. The steps add "
        "up to the average wait.",
    )


def _map(report: Report) -> Figure:
    state = report.before
    return Figure(
        "map",
        "Where customers wait how long",
        "A world map: flows from the offices of origin, and a circle for each region coloured by its mean wait.",
        draw_map(state.regions, state.legs, report.origins),
        Table(
            state.regions,
            (
                Column("place", "Region"),
                Column("country", "Country"),
                Column("items", "Items", "count"),
                Column("wait_days", "Mean wait, days", "days"),
            ),
        ),
        "A circle is a region: its size shows the items, its colour the mean wait. A line is a leg of the journey, as "
        "wide as the items it carries; squares are where items are handed in.",
    )


def promise_section(report: Report) -> Section:
    """What was promised against what happened."""
    state, figures = report.before, report.before.figures
    miss = figures.kept - figures.stated
    if abs(miss) <= 2 * figures.kept_error:
        verdict = "The difference is within what chance explains: the promises are honest."
    elif miss < 0:
        verdict = f"They were too hopeful by {100 * -miss:.1f} percentage points, more than chance explains."
    else:
        verdict = f"They were too careful by {100 * miss:.1f} percentage points: a nearer day could have been named."
    lanes = _telling(state.kept_lanes).sort("gap")
    return Section(
        "promises",
        "Do we keep our promises?",
        (
            f"{figures.promised:,} orders were given a day. On average the promise said it would be met with a "
            f"probability of "
            f"{share(figures.stated)}; {share(figures.kept)} were met. {verdict}",
            "A promise is made from what the network folder assumes. Real weeks bring what it does not see: "
            "places that are slower than "
            "assumed, days on which everything at a customs office is late, full flights. All orders of a "
            "departure share that fate, "
            "so the thin black lines, which show the range that chance alone would allow (95 %), take whole "
            "departures together.",
        ),
        (
            _kept(
                "levels",
                "The named day, and an earlier and a later one",
                state.kept_levels.filter(pl.col("level") >= 0.5),
                state.kept_levels,
            ),
            _kept("services", "By service", _telling(state.kept_services), state.kept_services),
            _due(_telling(state.kept_services)),
            _kept(
                "kept-lanes",
                f"The {min(LANES_SHOWN, lanes.height)} lanes that miss most",
                lanes.head(LANES_SHOWN),
                lanes,
            ),
        ),
    )


def lanes_section(report: Report) -> Section:
    """Which lanes cost the most days."""
    lanes = report.before.lanes
    shown = _telling(lanes).head(LANES_SHOWN)
    heaviest = lanes.sort("customer_days", descending=True).head(3)
    names = "; ".join(
        f"{lane} ({days:.1f} days, {orders:,} orders)"
        for lane, days, orders in heaviest.select("lane", "wait_days", "orders").iter_rows()
    )
    scale = 10**report.exponent
    table = lanes.with_columns(pl.col("cost_item_minor") / scale)
    return Section(
        "lanes",
        "Which lanes are slow?",
        (
            f"The picture shows the {shown.height} slowest lanes with enough orders to tell ({LANE_ORDERS_LEAST} or "
            f"more, where there are such), and in which part of the journey their days go. Most days are spent, "
            f"over all customers together, on: {names}.",
        ),
        (
            Figure(
                "lane-parts",
                "The slowest lanes, and where their days go (days of the average order)",
                "A coloured table: a row for each lane, a column for each part of the journey, darker where more "
                "days go.",
                draw_lanes(_cells(report.before.lane_parts, shown["lane"].to_list())),
                Table(
                    table,
                    (
                        Column("lane", "Lane"),
                        Column("orders", "Orders", "count"),
                        Column("wait_days", "Mean wait, days", "days"),
                        Column("wait_days_p50", "Half wait at most, days", "days"),
                        Column("wait_days_p90", "Nine in ten at most, days", "days"),
                        Column("undelivered", "Not delivered", "share"),
                        Column("cost_item_minor", f"Cost of an item, {report.currency}", "money"),
                        Column("customer_days", "Days of all customers", "count"),
                    ),
                ),
            ),
        ),
    )


def intake_section(intake: IntakeSummary) -> Section:
    """What was brought in and what was put aside."""
    aside = intake.rows - intake.accepted
    files = f" from {list_words(list(intake.files))}" if intake.files else ""
    put_aside = f" and {aside:,} were put aside, each with its reason." if aside else "; none had to be put aside."
    texts = [f"{intake.rows:,} rows were read{files}: {intake.accepted:,} became order lines{put_aside}"]
    if intake.shift_days:
        texts.append(
            f"The dates of these orders were moved by {intake.shift_days:,} days, so that old orders travel in "
            f"the network of today. "
            "Weekdays stay as they are where that number is a multiple of seven; holidays do not."
        )
    table = Table(
        intake.findings, (Column("code", "Reason"), Column("meaning", "What it means"), Column("rows", "Rows", "count"))
    )
    return Section("intake", "What was brought in?", tuple(texts), (table,) if intake.findings.height else ())


def _kept(name: str, title: str, shown: pl.DataFrame, whole: pl.DataFrame | None = None) -> Figure:
    whole = shown if whole is None else whole
    table = whole.with_columns(miss=pl.col("kept") - pl.col("stated"))
    loss = (Column("pinball", "Pinball loss, days", "days2"),) if "pinball" in table.columns else ()
    return Figure(
        name,
        f"{title}: promised and kept",
        "For each row a blue diamond where the promise stood, an orange circle where it ended, and a line for chance.",
        draw_kept(shown),
        Table(table, (Column("label", ""), *KEPT_COLUMNS, Column("miss", "Difference, points", "points"), *loss)),
    )


def _due(frame: pl.DataFrame) -> Figure:
    return Figure(
        "due",
        "The day we named, and the day we should have named to keep nine in ten",
        "For each service a blue diamond at the mean wait that was named and an orange circle at the one that "
        "would have been kept.",
        draw_due(frame),
        Table(
            frame,
            (
                Column("label", "Service"),
                Column("orders", "Promises", "count"),
                Column("promised_days", "Named on average, days", "days"),
                Column("happened_days", "Would have been kept, days", "days"),
            ),
        ),
    )


def _telling(lanes: pl.DataFrame) -> pl.DataFrame:
    """The lanes or services with enough orders to say something; where none has, those with the most."""
    enough = lanes.filter(pl.col("orders") >= LANE_ORDERS_LEAST)
    return enough if enough.height else lanes.sort("orders", descending=True).head(LANES_SHOWN)


def _cells(parts: pl.DataFrame, lanes: list[str]) -> pl.DataFrame:
    """The cells of the lanes that are shown, in order; parts that take no time anywhere are left out."""
    cells = parts.filter(pl.col("lane").is_in(lanes))
    present = cells.group_by("part").agg(pl.col("days").max()).filter(pl.col("days") >= 0.05)["part"].to_list()
    columns = [part for part in (WHOLE, *PARTS) if part in present]
    grid = pl.DataFrame({"lane": lanes}).join(pl.DataFrame({"part": columns}), how="cross")
    return grid.join(cells, on=["lane", "part"], how="left", maintain_order="left").select(
        "part", label="lane", days=pl.col("days").fill_null(0.0)
    )
