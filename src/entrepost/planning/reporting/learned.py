"""The section of the report about learning: how promises were kept before and after."""

from __future__ import annotations

import polars as pl

from entrepost.documents.page import Figure, Section
from entrepost.documents.promises import draw_calibration
from entrepost.documents.table import Column, Table
from entrepost.planning.learning import Learning
from entrepost.planning.reporting.words import points, share

LANES_SHOWN = 16


def learned_section(learning: Learning) -> Section:
    """What learning from the first weeks made of the promises of the later ones."""
    return Section(
        "learned",
        "What did learning change?",
        _paragraphs(learning),
        (
            _calibration(learning.levels),
            _side_by_side(learning.services, "Service"),
            _side_by_side(learning.lanes.head(LANES_SHOWN), "Lane"),
        ),
        learning.notes,
    )


def _paragraphs(learning: Learning) -> tuple[str, ...]:
    named = learning.levels.filter(pl.col("level") == 0.9)
    before, after = (named.filter(pl.col("state") == state).row(0, named=True) for state in ("before", "after"))
    found = [abs(each["kept"] - each["stated"]) for each in (before, after)]
    if found[1] <= 2 * after["error"]:
        verdict = "What is left of the difference is within what chance explains."
    elif found[1] < found[0]:
        verdict = "The promises are nearer to what they say; what is left is more than chance explains."
    else:
        verdict = "Learning did not bring the promises nearer to what they say."
    return (
        f"On {learning.day:%-d %B} the step times were learned from the events of {learning.items:,} items known by "
        f"then ({learning.steps:,} steps), and the promises given until then were measured "
        f"({learning.corrections:,} corrections). The {learning.later:,} orders placed since were stated anew, by the "
        "same services, so that the same journeys are held against both promises.",
        f"Before, {share(before['kept'])} kept a day named with {share(before['stated'])} "
        f"({points(before['kept'] - before['stated'])} points); after, {share(after['kept'])} one named with "
        f"{share(after['stated'])} ({points(after['kept'] - after['stated'])} points). {verdict} The pinball loss of "
        f"the named day, which is small only where a promise is both kept and sharp, went from "
        f"{before['pinball']:.2f} to {after['pinball']:.2f} days.",
    )


def _calibration(levels: pl.DataFrame) -> Figure:
    columns = ("stated", "kept", "error", "pinball")
    before, after = (levels.filter(pl.col("state") == state).select("label", *columns) for state in ("before", "after"))
    return Figure(
        "calibration",
        "Stated and kept, before and after learning",
        "Two lines of points against the line on which the share that was kept is the one that was stated: orange "
        "diamonds before learning, blue circles after.",
        draw_calibration(levels),
        Table(
            before.join(after, on="label", suffix="_after", maintain_order="left"),
            (
                Column("label", "The wait that was named for"),
                Column("stated", "Stated before", "share"),
                Column("kept", "Kept before", "share"),
                Column("pinball", "Pinball loss before, days", "days2"),
                Column("stated_after", "Stated after", "share"),
                Column("kept_after", "Kept after", "share"),
                Column("pinball_after", "Pinball loss after, days", "days2"),
            ),
        ),
        "On the dashed line a promise is as good as its word; below it too hopeful, above it too careful. Thin lines "
        "show the range that chance alone would allow (95 %), whole departures together.",
    )


def _side_by_side(frame: pl.DataFrame, title: str) -> Table:
    return Table(
        frame,
        (
            Column("label", title),
            Column("orders", "Promises", "count"),
            Column("kept", "Kept before", "share"),
            Column("gap", "Before, points", "points"),
            Column("kept_after", "Kept after", "share"),
            Column("gap_after", "After, points", "points"),
            Column("error_after", "Standard error", "share"),
        ),
    )
