from __future__ import annotations

from pathlib import Path

from tests.cli.shell import entrepost


def test_what_init_writes_is_sound_and_its_orders_come_in(tmp_path: Path) -> None:
    assert entrepost("init", "mine", folder=tmp_path).code == 0
    answer = entrepost("check", "mine/network", folder=tmp_path)
    assert answer.code == 0
    assert answer.out == ""
    answer = entrepost("intake", "orders.csv", "--network", "network", "--json", folder=tmp_path / "mine")
    assert (answer.code, answer.facts["orders"], answer.facts["rejected"]) == (0, 12, 0)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("mine")
    answer = entrepost("init", tmp_path)
    assert answer.code == 1
    assert (tmp_path / "orders.csv").read_text() == "mine"
    assert not (tmp_path / "network").exists()
