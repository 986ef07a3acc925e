from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.wiring import open_store
from tests.cli.shell import entrepost

FRIDAY = "2026-01-09T12:00+00:00"


def under_way(folder: Path) -> str:
    """The item of the order that flies on Friday: it is in the air on Saturday morning at the latest."""
    store = open_store(folder / "entrepost.db")
    items = store.list_items()
    store.close()
    return str(items.filter(pl.col("order_id") == "o3")["item_id"][0])


def test_items_under_way_are_told_with_their_range(carried: Path) -> None:
    item = under_way(carried)
    answer = entrepost("eta", "entrepost.db", "--network", "network", "--now", FRIDAY, folder=carried)
    assert answer.code == 0, answer.err
    (line,) = [line for line in answer.out.splitlines() if item in line]
    assert "2026-01-12 to 2026-01-12" in line
    assert line.endswith("(exact)")


def test_one_item_as_json_and_all_as_a_file(carried: Path) -> None:
    item = under_way(carried)
    common = ("eta", "entrepost.db", "--network", "network", "--now", FRIDAY)
    (facts,) = entrepost(*common, "--item", item.lower(), "--json", folder=carried).facts
    assert facts["item_id"] == item
    assert 0.99 < facts["promise_probability"] <= 1
    entrepost(*common, "--out", "eta.csv", folder=carried)
    assert item in pl.read_csv(carried / "eta.csv").get_column("item_id").to_list()


def test_a_file_of_events_is_forecast_as_well(carried: Path) -> None:
    rows = [("a", "EMC", "2026-01-09T12:00:00Z", "CNSHAA", "PACKET", "CNSHAA>DEFRAA", "DE")]
    names = ["item_id", "code", "time", "facility", "service", "route", "area"]
    pl.DataFrame(rows, schema=names, orient="row").write_csv(carried / "events.csv")
    answer = entrepost("eta", "events.csv", "--network", "network", "--now", FRIDAY, folder=carried)
    assert answer.code == 0, answer.err
    assert "2026-01-12 to 2026-01-12" in answer.out


def test_an_item_that_is_not_under_way_is_1_and_a_wrong_instant_too(carried: Path) -> None:
    common = ("eta", "entrepost.db", "--network", "network")
    answer = entrepost(*common, "--item", "LX999999999CN", folder=carried)
    assert answer.code == 1
    assert "no item LX999999999CN is under way" in answer.err
    assert entrepost(*common, "--now", "soon", folder=carried).code == 1
