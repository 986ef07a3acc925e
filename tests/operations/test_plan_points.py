"""A point of a curve becomes a plan of the same orders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.operations.plan_asked import read_asked
from entrepost.operations.plan_course import FACTS, ORDERS
from entrepost.operations.plan_points import begin_point, list_points
from entrepost.operations.plan_runs import begin_plan, folder_of
from tests.operations.office import HOLDER
from tests.operations.plans import QUICK, lamp_store


def test_its_warehouses_are_forced_and_it_waits_no_longer(tmp_path: Path) -> None:
    store = lamp_store(tmp_path)
    run = begin_plan(store, tmp_path, HOLDER, QUICK, "Lamps")
    points = [{"wait_days": 6.123, "opened": "DEFRAW"}, {"wait_days": 3.4, "opened": ""}]
    (folder_of(tmp_path, run) / FACTS).write_text(json.dumps({"pareto": points}))
    picked = begin_point(store, tmp_path, HOLDER, run, 0)
    asked = read_asked(picked.asked)
    assert (asked.days_max, asked.forced, asked.points) == (6.13, ("DEFRAW",), 0)
    assert picked.title == "Lamps: 6.13 days, 1 warehouses"
    assert (folder_of(tmp_path, picked) / ORDERS).read_bytes() == (folder_of(tmp_path, run) / ORDERS).read_bytes()
    with pytest.raises(MissingRowError):
        begin_point(store, tmp_path, HOLDER, run, 2)


def test_without_a_curve_there_is_no_point() -> None:
    assert list_points({}) == []
