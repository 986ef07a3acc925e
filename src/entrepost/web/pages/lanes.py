"""Where the days are lost: every lane by its steps, how it changes, and whether promises are kept."""

from __future__ import annotations

from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from entrepost.documents.page import Figure
from entrepost.documents.table import WHOLE, Column, Table
from entrepost.network.network import Network
from entrepost.operations.exceptions_words import ENGLISH, LANGUAGES
from entrepost.operations.lane_board import CODE, DRIFT_DAYS, RECENT_DAYS, LaneBoard
from entrepost.planning.reporting.frames import PARTS
from entrepost.web.figures import write_decimal, write_share
from entrepost.web.frame import Room
from entrepost.web.listing import Cell, Drawing, Listing, heads, to_drawing
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, visit_with

ROOM = Room("lanes", "Lanes", "/lanes", "lanes:read")
DRAWN, LISTED, DRIFTS = 16, 40, 12
MANY = 30
"""Fewer promises say little: they are told without a judgement."""
SLOWER = 1.15
"""A step is told where it is so many times as slow as said, surely slower, and saw enough."""
EXPECTED_LEAST = 5.0
WORSE_DAYS = 0.5
router = APIRouter(include_in_schema=False, route_class=PageRoute)
Reader = Annotated[Visit, Depends(visit_with(ROOM.scope))]


@router.get(ROOM.path)
def show(visit: Reader, all: bool = False) -> HTMLResponse:
    """The lanes on which most days are waited, or all of them."""
    board = visit.desk.lanes(visit.tenant)
    has_any = board.orders > 0
    return visit.page(
        "lanes.html.j2",
        ROOM.title,
        ROOM.name,
        board=board,
        glance=_glance(board),
        parts=_parts(board) if has_any else None,
        lanes=_lanes(board, board.lanes.height if all else LISTED),
        drift=_drift(board.drift, visit.network),
        recent_days=RECENT_DAYS,
        pictures=has_any,
    )


@router.get("/lanes/{code}")
def show_one(visit: Reader, code: str) -> HTMLResponse:
    """One lane, step by step and week by week."""
    board = visit.desk.lanes(visit.tenant)
    lane = board.get_lane(code)
    return visit.page(
        "lane.html.j2",
        lane["lane"],
        ROOM.name,
        lane=lane,
        steps=_steps(board, code),
        weeks=_weeks(board, code),
        drift=_drift(board.drift_on(code), visit.network),
        recent_days=RECENT_DAYS,
        pictures=True,
    )


def _glance(board: LaneBoard) -> dict[str, Any]:
    """The figures of all lanes together."""
    lanes = board.lanes
    if lanes.is_empty():
        return dict.fromkeys(("wait_days", "kept", "stated", "open_share"))
    orders, promised = pl.col("orders").sum(), pl.col("promised").sum()
    row: dict[str, Any] = lanes.select(
        wait_days=pl.col("customer_days").sum() / orders,
        kept=(pl.col("kept") * pl.col("promised")).sum() / promised,
        stated=(pl.col("stated") * pl.col("promised")).sum() / promised,
        open_share=(pl.col("open_share") * pl.col("orders")).sum() / orders,
    ).row(0, named=True)
    return row


def _parts(board: LaneBoard) -> Drawing:
    """Lanes as a table of colours: where on which lane the days go."""
    from entrepost.documents.lanes import draw_lanes  # it loads what draws

    shown = board.lanes.head(DRAWN)
    parts = (
        board.steps.filter(pl.col(CODE) != "all")
        .group_by(CODE, "lane", "part")
        .agg(pl.col("days").sum())
        .join(shown.select(CODE, rank=pl.int_range(pl.len())), on=CODE)
    )
    whole = shown.select(CODE, "lane", part=pl.lit(WHOLE), days="wait_days", rank=pl.int_range(pl.len()))
    place = {part: number for number, part in enumerate((*PARTS, WHOLE))}
    order = pl.col("part").replace_strict(place, return_dtype=pl.Int64)
    frame = pl.concat([parts.select(whole.columns), whole.cast({"rank": parts.schema["rank"]})])
    frame = frame.sort("rank", order).select(label="lane", part="part", days="days")
    columns = (Column("label", "Lane"), Column("part", "Part of the journey"), Column("days", "Days", "days2"))
    says = "A table of colours: a row for each lane, a column for each part of the journey; darker is longer."
    figure = Figure("parts", "Where on which lane the days go", says, draw_lanes(frame), Table(frame, columns))
    return to_drawing(figure)


def _lanes(board: LaneBoard, most: int) -> Listing:
    rows = board.lanes.head(most).iter_rows(named=True)
    titles = ("Lane", "Orders", "Wait, days", "Nine in ten", "Days waited in all", "Promised", "Kept", "Lately, days")
    return Listing(
        "lanes",
        "Lanes, those on which most days are waited in all first",
        heads(*titles, numbers=".nnnnnnn"),
        tuple(_lane_row(row) for row in rows),
        "No order whose promised day has passed yet: lanes are told from then on.",
        "/lanes?all=true" if board.lanes.height > most else "",
    )


def _lane_row(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        Cell(row["lane"], f"/lanes/{row[CODE]}"),
        f"{row['orders']:,}",
        write_decimal(row["wait_days"]),
        write_decimal(row["wait_days_p90"]),
        f"{row['customer_days']:,.0f}",
        write_share(row["stated"]),
        Cell(write_share(row["kept"]), tone=_tone(row)),
        Cell(change(row["change_days"]), tone="wrong" if row["orders"] >= MANY and _worse(row) else ""),
    )


def _tone(row: dict[str, Any]) -> str:
    """Whether promises are kept as often as stated, as far as so few orders can tell."""
    if row["kept"] is None or row["stated"] is None or row["promised"] < MANY:
        return ""
    return "wrong" if row["kept"] + 2 * (row["kept_error"] or 0.0) < row["stated"] else "good"


def _worse(row: dict[str, Any]) -> bool:
    """Whether recent orders wait clearly longer."""
    return bool((row["change_days"] or 0.0) > WORSE_DAYS)


def change(days: float | None) -> str:
    """A change in days with its sign."""
    return "–" if days is None else f"{days:+.1f}".replace("-", "−")


def _drift(frame: pl.DataFrame, network: Network) -> Listing:
    """Steps that are surely slower: far less was completed than should have been, more than chance explains."""
    slow = frame.filter(
        (pl.col("ratio") < 1 / SLOWER) & (pl.col("most") < 1) & (pl.col("expected") >= EXPECTED_LEAST)
    ).sort("ratio")
    return Listing(
        "drift",
        f"Steps that are surely slower than said, over the last {DRIFT_DAYS} days",
        heads("Step", "Where", "Times as long as said", "At least", "Done", "Expected", numbers="..nnnn"),
        tuple(_drift_row(row, network) for row in slow.head(DRIFTS).iter_rows(named=True)),
        "No step is surely slower than said.",
    )


def _drift_row(row: dict[str, Any], network: Network) -> tuple[Any, ...]:
    words = LANGUAGES[ENGLISH].steps
    step = words.get(row["step"].partition(" ")[0], row["step"])
    codes = [code for code in row["place"].replace(">", " ").split() if code in network.facility_by_code]
    cities = list(dict.fromkeys(network.facility_by_code[code].city for code in codes))
    return (
        step[:1].upper() + step[1:],
        Cell(" to ".join(cities) or row["place"], note=f"{row['place']}, {row['step']}"),
        f"{1 / max(row['ratio'], 0.01):.2f}",
        f"{1 / max(row['most'], 0.01):.2f}",
        f"{row['completed']:,.0f}",
        f"{row['expected']:,.0f}",
    )


def _steps(board: LaneBoard, code: str) -> Drawing:
    from entrepost.documents.charts import draw_journey

    frame = board.steps.filter(pl.col(CODE) == code).select("label", "days", "interpolated_days")
    columns = (
        Column("label", "Step"),
        Column("days", "Days", "days2"),
        Column("interpolated_days", "Of these from missing scans", "days2"),
    )
    says = "A staircase: each step begins where the one before it ends; a long bar is where days can be won."
    title, table = "The average order, step by step", Table(frame, columns)
    return to_drawing(Figure("steps", title, says, draw_journey(frame), table))


def _weeks(board: LaneBoard, code: str) -> Drawing:
    from entrepost.documents.weeks import draw_weekly

    frame = board.weeks.filter(pl.col(CODE) == code).select(monday="week", items="orders", wait_days="wait_days")
    columns = (
        Column("monday", "Week of"),
        Column("items", "Orders", "count"),
        Column("wait_days", "Mean wait, days", "days"),
    )
    says = "A line: the mean wait of the orders that were placed in each week."
    picture = draw_weekly(frame, "wait_days", "Mean wait, days", ".1f")
    return to_drawing(
        Figure("weeks", "Mean wait of the orders of each week, days", says, picture, Table(frame, columns))
    )
