from __future__ import annotations

from pathlib import Path

from entrepost.wiring import open_store
from tests.cli.shell import entrepost


def test_an_item_is_told_with_its_promise_and_its_events(carried: Path) -> None:
    store = open_store(carried / "entrepost.db")
    item = store.list_items().filter(store.list_items()["order_id"] == "o3")["item_id"][0]
    store.close()
    answer = entrepost("track", item.lower(), folder=carried)
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0] == f"{item}  CNSHAA to DE"
    assert any("promised by PACKET" in line and line.endswith("kept") for line in lines)
    assert any("EMC" in line and line.endswith("CNSHAA") for line in lines)
    facts = entrepost("track", item, "--json", folder=carried).facts
    assert facts["order_id"] == "o3"
    assert [event["code"] for event in facts["events"]][-1] == "EMA"


def test_an_unknown_item_is_1(carried: Path) -> None:
    answer = entrepost("track", "LX999999999CN", folder=carried)
    assert answer.code == 1
    assert "no item LX999999999CN is there" in answer.err


def test_an_item_under_way_is_told_with_the_range_in_which_it_is_expected(carried: Path) -> None:
    store = open_store(carried / "entrepost.db")
    item = store.list_items().filter(store.list_items()["order_id"] == "o3")["item_id"][0]
    store.close()
    common = ("track", item, "--network", "network", "--now")
    lines = entrepost(*common, "2026-01-09T12:00+00:00", folder=carried).out.splitlines()
    (line,) = [line for line in lines if "expected" in line]
    assert line.startswith("  expected")
    assert "by 2026-01-12 with 90 %, most likely 2026-01-12" in line
    facts = entrepost(*common, "2026-01-09T12:00+00:00", "--json", folder=carried).facts
    assert (facts["expected"]["basis"], facts["expected"]["probability"]) == ("exact", 0.9)
    assert entrepost("track", item, "--json", "--network", "network", folder=carried).facts["expected"] is None
    assert entrepost(*common, "soon", folder=carried).code == 1
