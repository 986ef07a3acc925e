"""What came of declared items is learned into a file, and orders are promised by it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl

from tests.cli.shell import entrepost
from tests.operations.test_clearance import ITEMS, declared, happened

LEARN = ("customs", "learn", "lines.csv", "events.csv", "--out", "clearance.csv", "--date", "2026-06-01")


def write_files(folder: Path) -> None:
    declared().with_columns(seller=pl.lit("shop")).write_csv(folder / "lines.csv")
    happened().write_csv(folder / "events.csv", datetime_format="%Y-%m-%dT%H:%M:%SZ")


def wait_of(folder: Path, *options: str) -> float:
    answer = entrepost("quote", "orders.csv", "--network", "network", *options, folder=folder)
    assert answer.code == 0, answer.err
    [row] = [row for row in csv.DictReader(io.StringIO(answer.out)) if row["order_id"] == "o1"]
    return float(row["wait_hours_mean"])


def test_it_is_told_how_sure_the_estimate_is(tmp_path: Path) -> None:
    write_files(tmp_path)
    answer = entrepost(*LEARN, "--scores", "scores.csv", "--json", folder=tmp_path)
    assert answer.code == 0, answer.err
    assert (answer.facts["items"], answer.facts["stopped"]) == (ITEMS, 160)
    assert answer.facts["truth"]["brier"] < answer.facts["truth"]["brier_base"]
    assert pl.read_csv(tmp_path / "scores.csv")["seller"].to_list() == ["shop"]


def test_orders_of_what_is_stopped_often_are_promised_later(shop: Path) -> None:
    write_files(shop)
    assert entrepost(*LEARN, folder=shop).code == 0
    clearance = shop / "network" / "clearance.csv"
    free = "DEFRAA,import,postal,green,1000000,no,no,24/7,6,6,6,100,assumed"
    held = "DEFRAA,import,postal,held,200000,yes,no,24/7,72,72,72,100,assumed"
    clearance.write_text(clearance.read_text().replace(free, f"{free.replace('1000000', '800000')}\n{held}"))
    waits = {}
    for code in ("940521", "610910"):
        orders = pl.read_csv(shop / "orders.csv", infer_schema_length=0).with_columns(hs_code=pl.lit(code))
        orders.write_csv(shop / "orders.csv")
        waits[code] = wait_of(shop, "--clearance", "clearance.csv")
    assert waits["940521"] > waits["610910"]


def test_scores_need_an_estimate(shop: Path) -> None:
    answer = entrepost("quote", "orders.csv", "--network", "network", "--scores", "scores.csv", folder=shop)
    assert answer.code == 1
    assert "--clearance" in answer.err
