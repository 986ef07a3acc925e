"""A plan as its page shows it: figures before and after, pictures, the points of its curve, and its rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entrepost.base.errors import UnreadableInputError
from entrepost.documents.table import Table
from entrepost.operations.desk_records import PlanRun
from entrepost.operations.plan_course import REPORT, WORLDS, read_facts
from entrepost.operations.plan_figures import KeptFigure, read_figures
from entrepost.operations.plan_points import list_points
from entrepost.operations.plan_runs import OPEN
from entrepost.web.figures import write_money, write_share
from entrepost.web.listing import Drawing, Listing, heads

STAGES = {
    "begins": "Begins",
    "plan": "Looks for the best warehouses and services",
    "curve": "Draws the curve of cost against wait",
    "rules": "Puts the plan into rules",
    "report": "Writes the report",
    "worlds": "Plans anew in other worlds",
}
TONES = {"waiting": "open", "running": "going", "done": "good", "failed": "wrong", "cancelled": ""}
SHOWN = ("map-planned", "map-today", "bridge", "arrivals")
"""The pictures of the report that stand on the page, beside the curve."""

CURVE = "pareto"
ROWS = 60


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the curve."""

    place: int
    wait: str
    cost: str
    warehouses: int
    opened: str
    gap: str


@dataclass(frozen=True, slots=True)
class PlanOnPage:
    """What a plan says; without `then` there is none, for these reasons."""

    today: dict[str, Any]
    then: dict[str, Any] | None
    currency: str
    within_days: int
    gap: str
    reasons: tuple[str, ...]
    stockable: str
    warehouses: Listing
    curve: Drawing | None
    points: tuple[Point, ...]
    rules: Listing | None
    rules_note: str
    drawings: tuple[Drawing, ...]
    has_report: bool


def show_plan(folder: Path) -> PlanOnPage | None:
    """What the folder of a plan says; None where nothing is there."""
    try:
        facts = read_facts(folder)
    except UnreadableInputError:
        return None
    figures = {name: _draw(each) for name, each in read_figures(folder).items()}
    segments = facts.get("segments") or {}
    return PlanOnPage(
        today=facts["today"],
        then=facts.get("carried") or facts["planned"],
        currency=facts["currency"],
        within_days=facts.get("within_days", 5),
        gap=write_share(facts["gap"]) if facts["gap"] is not None and facts["gap"] < 10 else "not known",
        reasons=tuple(facts["reasons"]),
        stockable=write_share(facts["stockable_share"]),
        warehouses=_warehouses(facts),
        curve=figures.get(CURVE),
        points=_points(facts),
        rules=_rules(segments) if segments else None,
        rules_note=_lost(segments) if segments else "",
        drawings=tuple(figures[name] for name in SHOWN if name in figures),
        has_report=(folder / REPORT).is_file(),
    )


def _draw(figure: KeptFigure) -> Drawing:
    """A picture with the first rows of its table; all of them stand in the report."""
    rows = figure.table.frame.height
    table = Table(figure.table.frame.head(ROWS), figure.table.columns)
    more = f"The table has the first {ROWS} of {rows:,} rows; the whole report has all." if rows > ROWS else ""
    return Drawing(figure.name, figure.title, figure.says, figure.spec, table, f"{figure.note} {more}".strip())


def show_worlds(folder: Path, run: PlanRun) -> dict[str, Any]:
    """Scenarios of a plan: how far they are, or what came of them."""
    path = folder / WORLDS
    told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    return {"run": run, "is_open": run.state in OPEN, "list": _worlds(told) if told else None}


def write_gap(run: PlanRun) -> str:
    """The gap of the best plan by now."""
    return "–" if run.gap_ppm is None else f"{run.gap_ppm / 10_000:.2f} %"


def _warehouses(facts: dict[str, Any]) -> Listing:
    rows = tuple(
        (
            f"{row['city']} ({row['country']})",
            f"{row['items_year'] or 0:,.0f}",
            f"{row['on_hand'] or 0:,.0f}",
            write_money(round(row["cost_year_minor"] or 0)),
        )
        for row in facts["warehouses"]
    )
    titles = ("Warehouse", "Items a year", "Pieces on the shelves", f"Fixed cost a year, {facts['currency']}")
    empty = "The plan opens no warehouse."
    return Listing("warehouses", "Warehouses that the plan opens", heads(*titles, numbers=".nnn"), rows, empty)


def _points(facts: dict[str, Any]) -> tuple[Point, ...]:
    return tuple(
        Point(
            place,
            f"{row['wait_days']:.2f}",
            write_money(round(row["cost_item_minor"])),
            row["warehouses"],
            row["opened"].replace("+", ", ") or "none",
            write_share(row["gap"]),
        )
        for place, row in enumerate(list_points(facts))
    )


def _rules(segments: dict[str, Any]) -> Listing:
    rows = tuple(
        (
            str(row["segment"]),
            row["words"][:1].upper() + row["words"][1:],
            row["served"][:1].upper() + row["served"][1:],
            write_share(row["share"]),
            f"{row['items_year']:,.0f}",
            f"{row['cells']:,}",
        )
        for row in segments["rules"]
    )
    titles = ("Rule", "To whom and for what", "How it is served", "Of all items", "Items a year", "Cells")
    caption = "Rules in their order: to whom, and how they are served"
    return Listing("rules", caption, heads(*titles, numbers="n..nnn"), rows)


def _lost(segments: dict[str, Any]) -> str:
    """How much of the saving the rules lose."""
    told = f"The rules lose {write_share(segments['regret_share_true'])} of what the plan saves cell by cell"
    later = segments.get("regret_share_later")
    return told + (f", and {write_share(later)} on the orders since." if later is not None else ".")


def _worlds(told: dict[str, Any]) -> Listing:
    titles = ("World", "Wait, made anew", "An item costs", "Warehouses", "Wait, this plan", "An item costs", "Regret")
    rows = tuple(
        (
            row["shock"],
            _days(row["wait_days"]),
            write_money(_round(row["cost_item_minor"])),
            "–" if row["warehouses"] is None else str(row["warehouses"]),
            _days(row["kept_wait_days"]),
            write_money(_round(row["kept_cost_item_minor"])),
            "–" if row["regret_year_minor"] is None else write_share(row["regret_year_minor"] / told["value"]),
        )
        for row in told["sensitivity"]
    )
    caption = f"The plan where the world is otherwise: waits in days, costs in {told['currency']}"
    return Listing("worlds", caption, heads(*titles, numbers=".nnnnnn"), rows)


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _round(value: float | None) -> int | None:
    return None if value is None else round(value)
