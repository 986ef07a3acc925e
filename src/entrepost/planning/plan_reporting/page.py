"""A plan's report as a page: what to change in one glance, then why, for whom, and how sure."""

from __future__ import annotations

from entrepost.documents.page import Card, Page, render_page
from entrepost.documents.paper import render_pdf
from entrepost.planning.plan_report import PlanReport
from entrepost.planning.plan_reporting.sections import (
    cost_section,
    curve_section,
    rules_section,
    stock_section,
    wait_section,
)
from entrepost.planning.plan_reporting.sure import (
    assumptions_section,
    sellers_section,
    sure_section,
    trial_section,
)
from entrepost.planning.plan_reporting.words import WORDS, amount, signed
from entrepost.planning.reporting.words import pair, share


def render_plan_report(report: PlanReport) -> str:
    """The report as one HTML file that needs no network."""
    return render_page(make_plan_page(report))


def print_plan_report(report: PlanReport) -> bytes:
    """The report as a PDF."""
    return render_pdf(make_plan_page(report))


def make_plan_page(report: PlanReport) -> Page:
    """The report's page: glance, sections in the order of reading, and the words that it uses."""
    sections = [wait_section(report)]
    if report.segments:
        sections.append(rules_section(report))
    sections += [stock_section(report), cost_section(report)]
    if report.front is not None:
        sections.append(curve_section(report))
    if report.trial is not None:
        sections.append(trial_section(report.trial, report))
    sections += [sellers_section(report), sure_section(report), assumptions_section(report)]
    plan = report.plan
    return Page(
        title="What to change so that customers wait less",
        subtitle=f"{plan.network.name} · {amount(report.today.items_year)} items a year, from orders up to "
        f"{plan.options.market.day:%-d %B %Y}",
        lead=_lead(report),
        cards=_cards(report),
        sections=tuple(sections),
        words=WORDS,
        footer="Made by Entrepost. This file needs no network: its pictures and tables are all inside.",
    )


def _lead(report: PlanReport) -> tuple[str, ...]:
    today, then, currency = report.today, report.then, report.plan.currency
    waits = pair(today.wait_days, then.wait_days)
    more = (then.cost_item_minor - today.cost_item_minor) / report.scale
    direction = "more" if more >= 0 else "less"
    count = report.frames.warehouses.height
    opened = f"Open {count} warehouse{'s' if count != 1 else ''}" if count else "Open no warehouse"
    text = (
        f"{opened} and choose services anew: customers then wait {waits[1]} days on average instead of {waits[0]}, "
        f"and an item costs {currency} {abs(more):,.2f} {direction}."
    )
    return (text, _limit(report))


def _limit(report: PlanReport) -> str:
    """What was asked for."""
    params, currency = report.plan.params, report.plan.currency
    if params.days_max is not None:
        asked = f"a mean wait of at most {params.days_max:g} days"
    elif params.share_min is not None:
        asked = f"at least {share(params.share_min)} of the items within {params.within_days} days"
    elif params.budget_minor is not None:
        asked = f"the shortest wait for {currency} {params.budget_minor / report.scale:,.0f} a year"
    else:
        asked = "the least money and worth of waiting"
    return f"Asked for was {asked}, counted from the {params.side}’s side."


def _cards(report: PlanReport) -> tuple[Card, ...]:
    today, then, plan = report.today, report.then, report.plan
    within = plan.params.within_days
    costs = [each.cost_item_minor / report.scale for each in (today, then)]
    whose = "goods not counted"
    return (
        Card("Average wait, days", *pair(today.wait_days, then.wait_days), "from the order to the first attempt"),
        Card(
            f"Within {within} days, %",
            f"{100 * today.share_within:.1f}",
            f"{100 * then.share_within:.1f}",
            "of all items",
        ),
        Card(
            f"Cost of an item, {plan.currency}",
            f"{costs[0]:,.2f}",
            f"{costs[1]:,.2f}",
            f"{signed(costs[1] - costs[0])}; {whose}",
        ),
        Card(
            "From stock",
            share(then.from_stock_share),
            note=f"of all items; {share(plan.stockable_share)} could be stocked",
        ),
    )
