"""A plan as its page shows it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from entrepost.operations.desk_records import PlanRun
from entrepost.web.plan_shown import show_plan, show_worlds, write_gap
from tests.operations.shop import NOW
from tests.web.inside import Tower

RUN = PlanRun("main", "r", "scenario", "p", "", "", "waiting", "", "", "anna", NOW)


def test_a_plan_that_is_done_is_shown_with_all_its_parts(planning: Tower) -> None:
    told = show_plan(planning.desk.uploads / "plans" / planning.numbers["plan"])
    assert told is not None
    assert told.then is not None
    assert told.then["wait_days"] > told.today["wait_days"]
    assert told.rules is not None
    assert told.rules.rows[0][3] == "100.0 %"
    assert [point.place for point in told.points] == list(range(len(told.points)))
    assert told.rules_note.startswith("The rules lose 0.0 %")


def test_where_nothing_is_there_nothing_is_shown(tmp_path: Path) -> None:
    assert show_plan(tmp_path) is None
    worlds = show_worlds(tmp_path, RUN)
    assert (worlds["is_open"], worlds["list"]) == (True, None)


def test_a_gap_is_written_where_it_is_known() -> None:
    assert (write_gap(RUN), write_gap(replace(RUN, gap_ppm=12_345))) == ("–", "1.23 %")
