"""Pictures of a plan come back with their tables."""

from __future__ import annotations

from pathlib import Path

from entrepost.operations.plan_figures import read_figures, write_figures
from entrepost.planning.plan import plan
from entrepost.planning.plan_report import make_plan_report
from entrepost.planning.plan_reporting.page import make_plan_page
from tests.planning.markets import closed_warehouse, lamps


def test_what_was_kept_is_what_the_report_shows(tmp_path: Path) -> None:
    found = plan(closed_warehouse(), lamps(2))
    write_figures(make_plan_page(make_plan_report(closed_warehouse(), found)), tmp_path)
    kept = read_figures(tmp_path)
    assert {"map-today", "map-planned", "bridge"} <= set(kept)
    bridge = kept["bridge"]
    assert bridge.says
    assert bridge.spec["datasets"]
    assert bridge.table.list_rows()
    assert read_figures(tmp_path / "gone") == {}
