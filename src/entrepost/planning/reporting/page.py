"""The report in words: a page that a manager reads from top to bottom."""

from __future__ import annotations

import polars as pl

from entrepost.documents.page import Card, Page, Section, render_page
from entrepost.planning.measure_steps import UNDELIVERED
from entrepost.planning.report import Report
from entrepost.planning.reporting.change import change_section
from entrepost.planning.reporting.learned import learned_section
from entrepost.planning.reporting.sections import (
    intake_section,
    lanes_section,
    promise_section,
    wait_section,
)
from entrepost.planning.reporting.sure import sure_section
from entrepost.planning.reporting.words import WORDS, money, pair, points, share


def render_report(report: Report) -> str:
    """The report as one HTML file that needs no network."""
    return render_page(make_page(report))


def make_page(report: Report) -> Page:
    """The report's page: glance, sections in the order of reading, and the words that it uses."""
    figures = report.before.figures
    sections = [wait_section(report), promise_section(report), lanes_section(report)]
    if report.learning:
        sections.insert(2, learned_section(report.learning))
    if report.after and report.change:
        sections.append(change_section(report))
    sections += [sure_section(report), *_intake(report)]
    days = f"{report.first_day:%-d %B %Y} to {report.last_day:%-d %B %Y}"
    return Page(
        title="How long customers wait, and where the days go",
        subtitle=f"{report.name} · {figures.orders:,} orders placed {days}",
        lead=_lead(report),
        cards=_cards(report),
        sections=tuple(sections),
        words=WORDS,
        footer="Made by Entrepost. This file needs no network: its pictures, tables and scripts are all inside.",
    )


def _lead(report: Report) -> tuple[str, ...]:
    figures = report.before.figures
    known = report.before.steps.filter(pl.col("step") != UNDELIVERED).sort("days", descending=True)
    text = (
        f"From ordering to the first attempt to deliver, a customer waits {figures.wait_days:.1f} days on "
        f"average. Half of the customers wait {figures.wait_days_p50:.1f} days or less; one in ten waits more than "
        f"{figures.wait_days_p90:.1f}."
    )
    if known.height >= 2:
        first, second = known.head(2).select("label", "days").iter_rows()
        text += (
            f" The two longest steps are “{first[0]}” with {first[1]:.1f} days and “{second[0]}” with {second[1]:.1f}."
        )
    lead = [text]
    if report.after and report.change:
        after = report.after.figures
        now, then = pair(figures.wait_days, after.wait_days)
        lead.append(
            f"With one overseas warehouse in {report.change.city} that keeps the {report.change.articles:,} "
            f"best-selling "
            f"articles, the same customers would wait {then} days instead of {now}, and an item would cost "
            f"{money(report, after.cost_item_minor)} instead of {money(report, figures.cost_item_minor)}."
        )
    return (*lead, *report.about)


def _cards(report: Report) -> tuple[Card, ...]:
    now, then = report.before.figures, report.after.figures if report.after else None
    miss = now.kept - now.stated
    waits = pair(now.wait_days, then.wait_days) if then else (f"{now.wait_days:.1f}", "")
    return (
        Card(
            "Average wait, days",
            *waits,
            f"half wait no more than {now.wait_days_p50:.1f}" + (f", then {then.wait_days_p50:.1f}" if then else ""),
        ),
        Card(
            f"Cost of an item, {report.currency}",
            _amount(report, now.cost_item_minor),
            _amount(report, then.cost_item_minor) if then else "",
            "for whoever carries it" + (", stock brought over in bulk included" if then else ""),
        ),
        Card(
            "Promises kept",
            share(now.kept),
            note=f"{share(now.stated)} were promised: {points(miss)} points"
            + (f"; with the warehouse {share(then.kept)} of {share(then.stated)}" if then else ""),
        ),
        Card(
            "Not delivered, %",
            f"{100 * now.undelivered:.2f}",
            f"{100 * then.undelivered:.2f}" if then else "",
            "lost, refused or not there within 60 days; counted as a wait of 60",
        ),
    )


def _amount(report: Report, minor: float) -> str:
    return f"{minor / 10**report.exponent:,.{report.exponent}f}"


def _intake(report: Report) -> list[Section]:
    return [intake_section(report.intake)] if report.intake else []
