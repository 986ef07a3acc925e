from __future__ import annotations

import re
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.cli.demo import prepare
from tests.cli.shell import entrepost

OPTIONS = ("demo", "--orders", "400", "--network", "network")


def test_the_last_lines_are_wait_and_cost_without_the_plan_and_with_it(shop: Path) -> None:
    answer = entrepost(*OPTIONS, folder=shop)
    assert answer.code == 0, answer.err
    *_, report, opens, page, tried, wait, cost = answer.out.splitlines()
    assert (report, page) == ("report      out/report.html", "report      out/plan.html")
    assert opens.startswith("plan        opens ")
    assert re.match(r"tried +on \d+ later orders in 4 worlds: planned [\d.]+ days, simulated", tried)
    before, after = map(float, re.fullmatch(r"wait +([\d.]+) -> ([\d.]+) days", wait).groups())  # type: ignore[union-attr]
    assert after <= before
    assert re.fullmatch(r"cost +[\d.]+ -> [\d.]+ CNY per item", cost)
    warehouse = re.search(r"with it +([\d.]+) -> ([\d.]+) days", answer.out)
    assert warehouse
    assert float(warehouse[2]) < float(warehouse[1])
    for name in ("report.html", "plan.html"):
        assert 10_000 < (shop / "out" / name).stat().st_size < 6_000_000
    assert re.search(r"\d+\.\d s  a service promised to each", answer.err)


def test_again_it_goes_on_and_says_the_same(shop: Path) -> None:
    first = entrepost(*OPTIONS, folder=shop)
    again = entrepost(*OPTIONS, folder=shop)
    assert "going on where it was" in again.err
    assert again.out.splitlines()[-2:] == first.out.splitlines()[-2:]


def test_other_settings_begin_anew(tmp_path: Path) -> None:
    assert prepare(tmp_path, {"seed": 1}) == f"writing to {tmp_path}"
    for name in ("demo.db", "demo.db-wal", "orders.csv", "notes.txt"):
        (tmp_path / name).write_text("")
    assert "going on" in prepare(tmp_path, {"seed": 1})
    assert (tmp_path / "demo.db").exists()
    assert "begun anew" in prepare(tmp_path, {"seed": 2})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.json", "notes.txt"]


def test_a_store_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo.db").write_text("mine")
    with pytest.raises(MisuseError, match="not written by a demonstration"):
        prepare(tmp_path, {"seed": 1})
    assert (tmp_path / "demo.db").read_text() == "mine"
