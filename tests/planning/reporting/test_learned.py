"""The report tells what learning changed, in words that its figures bear out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from entrepost.documents.page import Figure
from entrepost.planning.learning import Learning
from entrepost.planning.report import Context, make_report, measure
from entrepost.planning.reporting.learned import learned_section
from entrepost.planning.reporting.page import make_page, render_report
from entrepost.planning.simulate import simulate
from entrepost.service.choice import choose
from tests.worlds import four_orders, two_offices


def learning(before: float, after: float) -> Learning:
    """Of 1,000 promises with 90 % so many were kept, with a standard error of a point."""
    row = {"label": "Nine in ten: the promise", "level": 0.9, "orders": 1000, "stated": 0.9, "error": 0.01}
    rows = [
        {**row, "state": state, "kept": kept, "gap": kept - 0.9, "pinball": loss}
        for state, kept, loss in (("before", before, 1.25), ("after", after, 1.0))
    ]
    sides = pl.DataFrame(
        {
            "label": ["Packet"],
            "orders": [1000],
            "kept": [before],
            "gap": [before - 0.9],
            "error": [0.01],
            "kept_after": [after],
            "gap_after": [after - 0.9],
            "error_after": [0.01],
        }
    )
    return Learning(date(2026, 2, 9), 20_000, 1500, 120, 1000, pl.DataFrame(rows), sides, sides, ("A note.",))


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (0.8, 0.91, "is within what chance explains"),
        (0.8, 0.86, "are nearer to what they say; what is left is more than chance explains"),
        (0.86, 0.8, "did not bring the promises nearer"),
    ],
)
def test_the_verdict_is_what_the_figures_say(before: float, after: float, verdict: str) -> None:
    section = learned_section(learning(before, after))
    assert verdict in section.paragraphs[1]
    assert "from 1.25 to 1.00 days" in section.paragraphs[1]
    assert "20,000 items" in section.paragraphs[0]
    assert section.closing == ("A note.",)


def test_the_plot_has_its_table_with_before_and_after() -> None:
    figure = next(part for part in learned_section(learning(0.8, 0.9)).parts if isinstance(part, Figure))
    assert figure.table.frame.select("kept", "kept_after", "pinball", "pinball_after").row(0) == (0.8, 0.9, 1.25, 1.0)


def test_it_stands_after_the_promises_and_only_where_something_was_learned() -> None:
    network, orders = two_offices(), four_orders()
    chosen = choose(network, orders)
    measured = measure(network, orders, chosen, simulate(network, orders, chosen, seed=1, world="as_assumed"))
    plain = make_report(network, measured)
    told = make_report(network, measured, None, Context(learning=learning(0.8, 0.9)))
    assert "learned" not in [section.name for section in make_page(plain).sections]
    names = [section.name for section in make_page(told).sections]
    assert names[:4] == ["wait", "promises", "learned", "lanes"]
    assert "What did learning change?" in render_report(replace(told, name="x"))
