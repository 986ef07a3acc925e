from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from entrepost.wiring import open_store
from tests.cli.shell import entrepost


def test_events_of_a_file_are_recorded_once_and_an_unknown_code_is_put_aside(shop: Path) -> None:
    for command in (("intake", "orders.csv"), ("quote",), ("simulate", "--out", "events.csv")):
        assert entrepost(*command, "--network", "network", folder=shop).code == 0
    events = pl.read_csv(shop / "events.csv").select("item_id", "code", "time", "facility")
    odd = events.head(1).with_columns(code=pl.lit("QQQ"))
    pl.concat([odd, events]).write_csv(shop / "events.csv")
    answer = entrepost("events", "events.csv", "--network", "network", "--json", folder=shop)
    assert answer.code == 3, answer.err
    assert answer.err.startswith("row 2, code: QQQ ")
    assert (answer.facts["accepted"], answer.facts["rejected"]) == (events.height, 1)
    again = entrepost("events", "events.csv", "--network", "network", "--json", folder=shop)
    assert again.facts["duplicates"] == events.height


def test_events_need_a_store(shop: Path) -> None:
    answer = entrepost("events", "orders.csv", "--network", "network", folder=shop)
    assert answer.code == 1
    assert "there is no store" in answer.err


def test_an_event_of_a_dispatch_comes_down_to_the_items_that_a_second_file_says_are_inside(shop: Path) -> None:
    for command in (("intake", "orders.csv"), ("quote",), ("simulate", "--out", "events.csv")):
        assert entrepost(*command, "--network", "network", folder=shop).code == 0
    one = pl.read_csv(shop / "events.csv").select("item_id", "time").head(1)
    held = one.select(subject="item_id", container=pl.lit("CNSHAADEFRAAAUN60017"))
    held.write_csv(shop / "held.csv")
    one.select("time", subject=held.get_column("container"), code=pl.lit("EMA")).write_csv(shop / "closed.csv")
    command = ("events", "closed.csv", "--network", "network", "--containment", "held.csv")
    said = entrepost(*command, folder=shop)
    assert said.code == 0, said.err
    assert "held.csv: 1 rows" in said.out
    again = entrepost(*command, "--json", folder=shop).facts
    assert (again["duplicates"], again["containment"]["duplicates"]) == (1, 1)


def test_containment_that_cannot_be_is_told_by_the_exit_code_and_the_events_come_in(shop: Path) -> None:
    for command in (("intake", "orders.csv"), ("quote",), ("simulate", "--out", "events.csv")):
        assert entrepost(*command, "--network", "network", folder=shop).code == 0
    pl.DataFrame({"subject": ["BAG"], "container": ["BAG"]}).write_csv(shop / "held.csv")
    command = ("events", "events.csv", "--network", "network", "--containment", "held.csv", "--json")
    answer = entrepost(*command, folder=shop)
    assert answer.code == 3
    assert answer.facts["rejected"] == 0 < answer.facts["accepted"]
    assert answer.facts["containment"]["findings"] == {"containment_round": 1}


def test_a_mapping_of_a_feed_is_suggested_and_reads_it(tmp_path: Path) -> None:
    scans = [{"statusCode": "DLV", "timestamp": "2026-01-08T07:53:47+09:00"}]
    (tmp_path / "feed.json").write_text(json.dumps({"shipments": [{"id": "LX000000005CN", "events": scans}]}))
    draft = entrepost("events", "feed.json", "--suggest", folder=tmp_path)
    assert draft.code == 0, draft.err
    (tmp_path / "carrier.toml").write_text(draft.out.replace('# "DLV" = "..."', '"DLV" = "EMI"'))
    open_store(tmp_path / "entrepost.db").close()
    answer = entrepost("events", "feed.json", "--mapping", "carrier.toml", "--json", folder=tmp_path)
    assert answer.facts["findings"] == {"event_item_unknown": 1}, answer.err
