"""entrepost plan, from a file of orders to a folder with network and rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepost.network.feed import write_network
from entrepost.network.load import load_network
from entrepost.service.rule_file import load_rules
from tests.cli.shell import entrepost
from tests.planning.markets import closed_warehouse, lamps


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_network(closed_warehouse(), tmp_path / "network")
    lamps().write_csv(tmp_path / "orders.csv")
    return tmp_path


def test_a_plan_is_told_in_lines_and_written_as_a_folder(folder: Path) -> None:
    answer = entrepost("plan", folder / "network", folder / "orders.csv", "--out", folder / "planned")
    assert answer.code == 0, answer.err
    assert "open        1 warehouses: Frankfurt" in answer.out
    assert "rules       1 for 1 cells; lost 0.0% of the saving (proved)" in answer.out
    assert "everything: from stock where it lies, else the mail that costs least, a day at " in answer.out
    assert load_network(folder / "planned" / "network").warehouses[0].open
    assert load_rules(folder / "planned" / "rules.toml")
    assert {path.name for path in (folder / "planned").iterdir()} >= {"plan.json", "cells.csv", "stock.csv"}
    facts = json.loads((folder / "planned" / "plan.json").read_text())
    assert facts["segments"]["rules"][0]["served"].startswith("from stock where it lies")


def test_rules_are_measured_on_the_orders_since(folder: Path) -> None:
    answer = entrepost("plan", folder / "network", folder / "orders.csv", "--as-of", "2026-01-20", "--json", "--quiet")
    assert json.loads(answer.out)["segments"]["regret_share_later"] == pytest.approx(0, abs=1e-9)


def test_a_plan_without_rules_is_written_cell_by_cell(folder: Path) -> None:
    asked = ("plan", folder / "network", folder / "orders.csv", "--segments", "0", "--out", folder / "planned")
    answer = entrepost(*asked)
    assert answer.code == 0, answer.err
    assert "rules  " not in answer.out
    assert load_rules(folder / "planned" / "rules.toml")[0][0].name == "plan 1"


def test_programs_read_it_as_json_with_the_curve(folder: Path) -> None:
    answer = entrepost("plan", folder / "network", folder / "orders.csv", "--pareto", "3", "--json", "--quiet")
    facts = json.loads(answer.out)
    assert facts["status"] == "proved"
    assert len(facts["pareto"]) == 1, "one plan is the cheapest and the quickest"
    assert facts["planned"]["wait_days"] < facts["today"]["wait_days"]


def test_other_worlds_are_told_in_a_table_with_the_robust_choice(folder: Path) -> None:
    answer = entrepost("plan", folder / "network", folder / "orders.csv", "--sensitivity", "--robust")
    assert answer.code == 0, answer.err
    assert "demand +30 %" in answer.out
    assert "robust        regret at worst 0.00 %, on average 0.00 %: DEFRAW".replace(" %", "%") in answer.out


@pytest.mark.parametrize("segments", ["0", "6"])
def test_a_plan_is_tried_on_the_orders_since(folder: Path, segments: str) -> None:
    asked = ("--as-of", "2026-01-20", "--trial", "2", "--segments", segments, "--report", folder / "plan.html")
    answer = entrepost("plan", folder / "network", folder / "orders.csv", *asked)
    assert answer.code == 0, answer.err
    assert "tried       28 orders in 2 worlds: " in answer.out
    assert "planned " in answer.out.split("tried")[1]
    none_since = entrepost("plan", folder / "network", folder / "orders.csv", "--as-of", "2027-01-20", *asked[2:4])
    assert "no order since 2027-01-20 to try the plan on" in none_since.err


def test_a_limit_that_cannot_be_kept_is_a_failure_in_words(folder: Path) -> None:
    answer = entrepost("plan", folder / "network", folder / "orders.csv", "--days-max", "0.1")
    assert answer.code == 1
    assert "cannot be reached" in answer.out


def test_a_share_that_is_none_is_refused(folder: Path) -> None:
    answer = entrepost("plan", folder / "network", folder / "orders.csv", "--share-within", "most")
    assert answer.code == 1
    assert "write it like 80%:5" in answer.err


def test_its_page_is_written_as_html_and_as_pdf(folder: Path) -> None:
    asked = ("--report", folder / "plan.html", "--pdf", folder / "plan.pdf", "--pareto", "2")
    answer = entrepost("plan", folder / "network", folder / "orders.csv", *asked)
    assert answer.code == 0, answer.err
    assert "What to change so that customers wait less" in (folder / "plan.html").read_text(encoding="utf-8")
    assert (folder / "plan.pdf").read_bytes().startswith(b"%PDF-")
    assert f"written     {folder / 'plan.pdf'}" in answer.out


def test_it_is_tried_on_the_orders_since_and_the_page_tells(folder: Path) -> None:
    asked = ("--as-of", "2026-01-13", "--trial", "2", "--report", folder / "plan.html", "--json", "--quiet")
    answer = entrepost("plan", folder / "network", folder / "orders.csv", *asked)
    assert answer.code == 0, answer.err
    tried = json.loads(answer.out)["trial"]
    steady = {row["measure"]: row for row in tried["differences"] if row["phase"] == "steady"}
    assert steady["wait_days"]["difference"] < -1
    assert "Was it tried?" in (folder / "plan.html").read_text(encoding="utf-8")
