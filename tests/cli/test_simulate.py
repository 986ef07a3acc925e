from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.cli.shell import entrepost


def test_the_same_world_again_records_nothing_twice(carried: Path) -> None:
    answer = entrepost("simulate", "--network", "network", "--world", "as_assumed", "--json", folder=carried)
    assert answer.code == 0, answer.err
    assert answer.facts["recorded"] == 0
    assert answer.facts["duplicates"] == answer.facts["events"] > 0


def test_events_can_go_into_a_file_and_come_back_from_it(carried: Path) -> None:
    answer = entrepost("simulate", "--network", "network", "--out", "events.csv", folder=carried)
    assert answer.code == 0, answer.err
    events = pl.read_csv(carried / "events.csv")
    assert answer.out == f"{events.height:,} events written to events.csv\n"


def test_without_promises_there_is_nothing_to_carry(shop: Path) -> None:
    entrepost("intake", "orders.csv", "--network", "network", folder=shop)
    answer = entrepost("simulate", "--network", "network", folder=shop)
    assert answer.code == 1
    assert "entrepost quote" in answer.err


def test_an_unknown_world_is_refused(carried: Path) -> None:
    answer = entrepost("simulate", "--network", "network", "--world", "flat", folder=carried)
    assert answer.code == 1
    assert "as_assumed" in answer.err
