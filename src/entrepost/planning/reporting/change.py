"""The section of the report about what could be: one overseas warehouse."""

from __future__ import annotations

import polars as pl

from entrepost.documents.charts import draw_arrivals, draw_before_after
from entrepost.documents.page import Figure, Section
from entrepost.documents.table import Column, Table
from entrepost.planning.report import Change, Difference, Report, State
from entrepost.planning.reporting.frames import order_of_steps
from entrepost.planning.reporting.words import list_words, money, share
from entrepost.reference.country import get_country_name
from entrepost.tables.text import word_each

COUNTRIES_SHOWN = 12


def change_section(report: Report) -> Section:
    """What one overseas warehouse would change: the same orders, with it and without."""
    change, after, difference = report.change, report.after, report.difference
    if change is None or after is None or difference is None:
        raise ValueError("the report has no change to tell of")
    shown = difference.countries.head(COUNTRIES_SHOWN)
    return Section(
        "warehouse",
        "What would one overseas warehouse change?",
        _paragraphs(report, change, after, difference),
        (
            _arrivals(report.before, after),
            _steps(report.before, after),
            _services(report, after),
            Table(
                shown.with_columns(word_each(shown.get_column("country"), get_country_name)),
                (
                    Column("country", "Country"),
                    Column("orders", "Orders", "count"),
                    Column("from_stock", "Served from the warehouse", "share"),
                    Column("before", "Mean wait before, days", "days"),
                    Column("after", "Mean wait after, days", "days"),
                ),
            ),
        ),
        change.notes,
    )


def _paragraphs(report: Report, change: Change, after: State, difference: Difference) -> tuple[str, ...]:
    now, then = report.before.figures, after.figures
    countries = list_words([get_country_name(code) for code in change.countries])
    cost = then.cost_item_minor - now.cost_item_minor
    direction = "more" if cost >= 0 else "less"
    sure = f"{difference.days_saved:.2f} days on average, give or take {1.96 * difference.error:.2f}"
    return (
        f"Suppose a warehouse in {change.city} were open ({countries}), and {change.articles:,} best-selling articles "
        f"({change.pieces:,} pieces) lay in it. We sent the very same orders through the same weeks again, with "
        f"the same luck for each item, "
        "so that what differs is the warehouse and hardly chance.",
        f"{share(difference.from_stock)} of all orders would be served from there. Over all orders, including "
        f"those it cannot serve, the wait would be "
        f"shorter by {sure}. An item would cost {money(report, abs(cost))} {direction} on average.",
        "Stock shortens the wait only of what can be stocked: articles that sell often enough to be brought over "
        "before anybody orders them.",
    )


def _arrivals(before: State, after: State) -> Figure:
    both = pl.concat(
        [state.arrivals.with_columns(state=pl.lit(name)) for name, state in (("before", before), ("after", after))]
    )
    table = before.arrivals.join(after.arrivals.rename({"share": "after"}), on="days").rename({"share": "before"})
    return Figure(
        "arrivals-after",
        "How many customers have their order after so many days, before and after",
        "Two rising lines: the share of customers served by each day, without the warehouse (dashed) and with it.",
        draw_arrivals(both),
        Table(
            table,
            (
                Column("days", "Days since the order", "days"),
                Column("before", "Before", "share"),
                Column("after", "After", "share"),
            ),
        ),
    )


def _steps(before: State, after: State) -> Figure:
    frame = (
        before.steps.select("step", "label", before="days")
        .join(after.steps.select("step", "label", after="days"), on=["step", "label"], how="full", coalesce=True)
        .with_columns(pl.col("before", "after").fill_null(0.0))
        .sort(order_of_steps())
    )
    return Figure(
        "steps-after",
        "The steps of the average order, before and after",
        "Two bars for each step of the journey: its days without the warehouse and with it.",
        draw_before_after(frame, "Days of the average order", ".2f"),
        Table(
            frame,
            (
                Column("label", "Step"),
                Column("before", "Before, days", "days2"),
                Column("after", "After, days", "days2"),
            ),
        ),
    )


def _services(report: Report, after: State) -> Figure:
    scale = 10**report.exponent
    columns = ("label", "items", "share", "wait_days", "cost_item_minor")
    frame = (
        report.before.services.select(columns)
        .rename({name: f"{name}_before" for name in columns[1:]})
        .join(
            after.services.select(columns).rename({name: f"{name}_after" for name in columns[1:]}),
            on="label",
            how="full",
            coalesce=True,
        )
        .with_columns(pl.col("share_before", "share_after").fill_null(0.0), pl.col("^cost_item_minor.*$") / scale)
        .sort("share_before", descending=True)
    )
    return Figure(
        "service-shares",
        "Who carries: the services' shares of all items",
        "Two bars for each service: its share of all items without the warehouse and with it.",
        draw_before_after(frame.select("label", before="share_before", after="share_after"), "Share of items", ".1%"),
        Table(
            frame,
            (
                Column("label", "Service"),
                Column("share_before", "Share before", "share"),
                Column("share_after", "Share after", "share"),
                Column("wait_days_before", "Mean wait before, days", "days"),
                Column("wait_days_after", "Mean wait after, days", "days"),
                Column("cost_item_minor_before", f"Cost of an item before, {report.currency}", "money"),
                Column("cost_item_minor_after", f"Cost of an item after, {report.currency}", "money"),
            ),
        ),
    )
