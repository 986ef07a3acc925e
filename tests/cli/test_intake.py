from __future__ import annotations

import csv
from pathlib import Path

from tests.cli.conftest import ROWS
from tests.cli.shell import entrepost


def test_orders_come_in_once(shop: Path) -> None:
    first = entrepost("intake", "orders.csv", "--network", "network", "--json", folder=shop)
    again = entrepost("intake", "orders.csv", "--network", "network", "--json", folder=shop)
    assert (first.code, again.code) == (0, 0)
    assert (first.facts["accepted"], first.facts["orders"]) == (ROWS, 4)
    assert (again.facts["accepted"], again.facts["duplicates"]) == (0, ROWS)


def test_one_bad_row_is_3_and_the_others_are_in(shop: Path) -> None:
    path = shop / "orders.csv"
    path.write_text(path.read_text().replace(",400,", ",-400,", 1))
    answer = entrepost("intake", "orders.csv", "--network", "network", "--rejected", "bad.csv", folder=shop)
    assert answer.code == 3
    assert "1 rejected" in answer.out
    rejected = list(csv.DictReader((shop / "bad.csv").open()))
    assert [row["#row"] for row in rejected] == ["2"]
    assert [row["weight_g"] for row in rejected] == ["-400"]


def test_the_first_rejected_rows_are_told_at_once_and_the_others_counted(shop: Path) -> None:
    path = shop / "orders.csv"
    path.write_text(path.read_text().replace(",400,", ",-400,"))
    answer = entrepost("intake", "orders.csv", "--network", "network", folder=shop)
    told = answer.err.splitlines()
    assert told[0].startswith("row 2, weight_g: -400 is outside ")
    assert (len(told), told[-1].startswith("and ")) == (4, True)


def test_a_mapping_names_the_shops_columns(shop: Path) -> None:
    path = shop / "orders.csv"
    path.write_text(path.read_text().replace("order_id", "Order number", 1))
    (shop / "mapping.toml").write_text('[columns]\norder_id = "Order number"\n')
    assert entrepost("intake", "orders.csv", "--network", "network", folder=shop).code == 1
    answer = entrepost("intake", "orders.csv", "--network", "network", "--mapping", "mapping.toml", folder=shop)
    assert answer.code == 0, answer.err


def test_a_file_that_is_not_there_is_one_message(shop: Path) -> None:
    answer = entrepost("intake", "none.csv", "--network", "network", folder=shop)
    assert answer.code == 1
    assert "none.csv" in answer.err
    assert "Traceback" not in answer.err


def test_quiet_says_only_the_answer(shop: Path) -> None:
    answer = entrepost("intake", "orders.csv", "--network", "network", "--quiet", folder=shop)
    assert answer.err == ""
    assert answer.out.startswith(f"orders.csv: {ROWS} rows\n")


def test_rejected_rows_cannot_go_into_a_form_that_nobody_reads(shop: Path) -> None:
    answer = entrepost("intake", "orders.csv", "--network", "network", "--rejected", "bad.docx", folder=shop)
    assert answer.code == 1
    assert ".csv" in answer.err
