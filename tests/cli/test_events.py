from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.cli.shell import entrepost


def test_events_of_a_file_are_recorded_once_and_an_unknown_code_is_put_aside(shop: Path) -> None:
    for command in (("intake", "orders.csv"), ("quote",), ("simulate", "--out", "events.csv")):
        assert entrepost(*command, "--network", "network", folder=shop).code == 0
    events = pl.read_csv(shop / "events.csv").select("item_id", "code", "time", "facility")
    odd = events.head(1).with_columns(code=pl.lit("QQQ"))
    pl.concat([odd, events]).write_csv(shop / "events.csv")
    answer = entrepost("events", "events.csv", "--network", "network", "--json", folder=shop)
    assert answer.code == 3, answer.err
    assert (answer.facts["accepted"], answer.facts["rejected"]) == (events.height, 1)
    again = entrepost("events", "events.csv", "--network", "network", "--json", folder=shop)
    assert again.facts["duplicates"] == events.height


def test_events_need_a_store(shop: Path) -> None:
    answer = entrepost("events", "orders.csv", "--network", "network", folder=shop)
    assert answer.code == 1
    assert "there is no store" in answer.err
