"""The folder of a plan."""

from __future__ import annotations

import json
from pathlib import Path

from entrepost.network.load import load_network
from entrepost.operations.plan_folder import write_plan
from entrepost.planning.plan import plan
from entrepost.planning.plan_segments import segment_plan
from entrepost.service.rule_file import load_rules
from tests.planning.markets import closed_warehouse, lamps


def test_a_plan_is_written_with_its_network_and_the_rules_that_serve_it(tmp_path: Path) -> None:
    found = plan(closed_warehouse(), lamps())
    write_plan(found, None, segment_plan(found), found.facts(), tmp_path)
    assert json.loads((tmp_path / "plan.json").read_text())["status"] == "proved"
    assert load_network(tmp_path / "network").warehouses[0].open
    assert load_rules(tmp_path / "rules.toml")[0][0].first == ("LOCAL",)
