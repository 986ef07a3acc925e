"""The work of a plan: a folder with figures, curve, rules and report; ended early, the best plan by then."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.candidates import NONE
from entrepost.operations.plan_asked import PlanAsked
from entrepost.operations.plan_course import ASKED, ORDERS, REPORT, WORLDS, Course, Told, read_facts
from entrepost.operations.plan_work import candidates_of, make_plan, make_worlds
from entrepost.service.rule_file import load_rules
from tests.operations.plans import QUICK, course, market
from tests.planning.markets import lamps


def asked_for(folder: Path, asked: PlanAsked = QUICK) -> Path:
    folder.mkdir(exist_ok=True)
    lamps(2).write_parquet(folder / ORDERS)
    (folder / ASKED).write_text(asked.to_text())
    return folder


def make(folder: Path, how: Course) -> str:
    return make_plan(folder, market(), NONE, how)


def test_a_plan_is_made_and_written_with_everything_its_pages_need(tmp_path: Path) -> None:
    said: list[Told] = []
    assert make(asked_for(tmp_path), course(said)) == ""
    facts = read_facts(tmp_path)
    assert facts["planned"]["wait_days"] < facts["today"]["wait_days"]
    assert facts["carried"]["warehouses"] == 1
    assert [row["warehouse"] for row in facts["warehouses"]] == ["DEFRAW"]
    assert len(facts["pareto"]) >= 1
    assert facts["segments"]["rules"][0]["cells"] == 1
    assert load_rules(tmp_path / "rules.toml")[0]
    assert "What to change so that customers wait less" in (tmp_path / REPORT).read_text(encoding="utf-8")
    assert list(dict.fromkeys(each.stage for each in said)) == ["plan", "curve", "rules", "report"]


def test_ended_early_the_best_plan_by_then_is_kept_without_a_curve(tmp_path: Path) -> None:
    assert make(asked_for(tmp_path), course(over_at="plan")) == ""
    facts = read_facts(tmp_path)
    assert facts["planned"] is not None
    assert "pareto" not in facts
    assert facts["segments"]["rules"]


def test_a_limit_that_cannot_be_kept_is_told_in_words(tmp_path: Path) -> None:
    said = make(asked_for(tmp_path, replace(QUICK, days_max=0.01)), course())
    assert "cannot be reached" in said
    assert read_facts(tmp_path)["status"] == "infeasible"


def test_rules_are_measured_on_later_orders(tmp_path: Path) -> None:
    later = lamps(2)["placed_at"].max()
    make(asked_for(tmp_path, replace(QUICK, as_of=later, points=0)), course())  # type: ignore[arg-type]
    assert read_facts(tmp_path)["segments"]["regret_share_later"] is not None


def test_a_plan_is_looked_at_in_other_worlds(tmp_path: Path) -> None:
    of, own = asked_for(tmp_path / "plan"), tmp_path / "worlds"
    own.mkdir()
    make(of, course())
    assert make_worlds(own, of, market(), NONE, course()) == ""
    told = json.loads((own / WORLDS).read_text())
    assert [row["shock"] for row in told["sensitivity"]][:2] == ["as it is", "demand +30 %"]
    assert told["robust"][0]["worst_regret_year_minor"] == pytest.approx(0, abs=1)
    assert make_worlds(own, of, market(), NONE, course(over_at="worlds")).startswith("stopped")


def test_without_orders_there_is_nothing_to_plan_from(tmp_path: Path) -> None:
    asked_for(tmp_path)
    pl.DataFrame(schema=lamps(1).schema).write_parquet(tmp_path / ORDERS)
    with pytest.raises(MisuseError, match="no orders"):
        make(tmp_path, course())


def test_the_sample_network_has_candidates_and_others_their_own() -> None:
    assert candidates_of("sample").warehouses
    assert candidates_of("folder") is NONE
