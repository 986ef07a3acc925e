"""The section of the report about what it all rests on: sources and assumptions."""

from __future__ import annotations

import polars as pl

from entrepost.documents.charts import draw_assumed
from entrepost.documents.page import Figure, Section
from entrepost.documents.table import Column, Table
from entrepost.planning.report import Report
from entrepost.planning.reporting.frames import STEP_NAMES, order_of_steps
from entrepost.planning.reporting.sources import ASSUMED
from entrepost.planning.reporting.words import share

SLOWER = 0.2
"""By how much assumed durations are lengthened to see what depends on them."""


def sure_section(report: Report) -> Section:
    """How much of it rests on assumptions."""
    assumed = (
        _kinds(report)
        .filter(pl.col("kind") == "assumed")
        .with_columns(longer=SLOWER * pl.col("days"))
        .sort("longer", descending=True)
    )
    worst = "".join(
        f" It hangs most on “{label}”: were that 20 % longer than assumed, the average wait would grow by about "
        f"{days:.2f} days."
        for label, days in assumed.head(1).select("label", "longer").iter_rows()
    )
    return Section(
        "sure",
        "How sure is all this?",
        (
            f"{share(report.assumed_share)} of the expected wait rests on figures that are assumed; the rest is taken "
            f"from published sources. Assumed does not mean wrong, but it is where measuring pays first.{worst}",
        ),
        (
            _figure(_kinds(report)),
            Table(
                assumed,
                (
                    Column("label", "If this were 20 % longer than assumed"),
                    Column("longer", "the average wait would grow by, days (first order)", "days2"),
                ),
            ),
            _sources(report),
        ),
    )


def _kinds(report: Report) -> pl.DataFrame:
    """Expected days by step and by whether they are assumed: step, label, kind, days, in the order of steps."""
    labels = {step: label for step, (label, _) in STEP_NAMES.items()}
    named = report.assumed.with_columns(
        label=pl.col("step").replace_strict(labels, default=pl.col("step"), return_dtype=pl.String),
        kind=pl.when(pl.col("source") == ASSUMED).then(pl.lit("assumed")).otherwise(pl.lit("from a source")),
    )
    days = named.group_by("step", "label", "kind").agg(pl.col("days").sum())
    return days.sort(order_of_steps(), "kind", descending=[False, True])


def _figure(kinds: pl.DataFrame) -> Figure:
    return Figure(
        "assumed",
        "What rests on a source, and what is assumed",
        "Bars for each step, parted into days that rest on a source and days that are assumed.",
        draw_assumed(kinds),
        Table(
            kinds,
            (
                Column("label", "Step"),
                Column("kind", "Rests on"),
                Column("days", "Expected days of the average order", "days2"),
            ),
        ),
        "Expected days from the network folder, as if orders came evenly over the week; they weigh the figures "
        "against each other and need not equal the days that were measured.",
    )


def _sources(report: Report) -> Table:
    days = report.assumed.group_by("source").agg(pl.col("days").sum()).join(report.sources, on="source", how="left")
    unknown = pl.when(pl.col("source") == ASSUMED).then(pl.lit("assumed, no source known")).otherwise("source")
    named = days.with_columns(title=pl.coalesce("title", unknown)).sort("days", descending=True)
    return Table(named, (Column("title", "Source"), Column("days", "Expected days that rest on it", "days2")))
