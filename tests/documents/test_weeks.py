"""Week by week."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from entrepost.documents.page import draw_svg
from entrepost.documents.weeks import draw_weekly

WEEKS = pl.DataFrame(
    {
        "monday": [date(2026, 1, 5) + timedelta(weeks=week) for week in range(4)],
        "items": [5, 0, 7, 9],
        "wait_days": [8.0, None, 9.5, 7.25],
    }
)


def test_a_week_without_a_figure_is_a_gap_and_a_level_is_a_line_besides() -> None:
    plain = draw_weekly(WEEKS, "wait_days", "Mean wait, days", ".1f").to_dict(validate=False)
    held = draw_weekly(WEEKS, "wait_days", "Mean wait, days", ".1f", 8.0).to_dict(validate=False)
    assert [len(each["layer"]) for each in (plain, held)] == [2, 3]
    assert plain["datasets"]["rows"][1]["wait_days"] is None
    assert draw_svg(held).startswith("<svg")
