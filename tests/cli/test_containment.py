"""What is inside what comes in by a command of its own, with a mapping where its columns have other names."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.cli.shell import entrepost


def test_a_mapping_names_the_columns_of_what_is_inside_what(shop: Path) -> None:
    for command in (("intake", "orders.csv"), ("quote",), ("simulate", "--out", "events.csv")):
        assert entrepost(*command, "--network", "network", folder=shop).code == 0
    one = pl.read_csv(shop / "events.csv").select("item_id", "time").head(1)
    one.select(parcel="item_id", sack=pl.lit("CNSHAADEFRAAAUN60017")).write_csv(shop / "held.csv")
    one.select("time", subject=pl.lit("CNSHAADEFRAAAUN60017"), code=pl.lit("EMA")).write_csv(shop / "closed.csv")
    (shop / "held.toml").write_text('[columns]\nsubject = "parcel"\ncontainer = "sack"\n')
    assert entrepost("containment", "held.csv", folder=shop).code == 1
    answer = entrepost("containment", "held.csv", "--mapping", "held.toml", "--json", folder=shop)
    assert (answer.code, answer.facts["accepted"]) == (0, 1), answer.err
    events = entrepost("events", "closed.csv", "--network", "network", "--json", folder=shop)
    assert (events.code, events.facts["accepted"]) == (0, 1), events.err


def test_mail_inside_itself_is_told_by_the_exit_code(shop: Path) -> None:
    assert entrepost("intake", "orders.csv", "--network", "network", folder=shop).code == 0
    pl.DataFrame({"subject": ["BAG"], "container": ["BAG"]}).write_csv(shop / "held.csv")
    answer = entrepost("containment", "held.csv", "--json", folder=shop)
    assert (answer.code, answer.facts["findings"]) == (3, {"containment_round": 1})
