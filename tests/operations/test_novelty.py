"""The same order again: a duplicate, or a finding, and what came first stays."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.operations.shop import LAMP, counts, lamp, take, take_in, write_csv

GOOD = lamp(order_id="good")


def test_the_same_order_with_the_same_content_is_a_duplicate(tmp_path: Path) -> None:
    store, first = take_in(tmp_path, LAMP, GOOD, LAMP)
    assert counts(first) == (3, 2, 1, 0)
    assert first.findings == {}
    again = take(store, write_csv(tmp_path, GOOD, LAMP, name="again.csv"))
    assert counts(again) == (2, 0, 2, 0)


def test_the_same_order_with_other_content_is_a_finding_and_the_first_stays(tmp_path: Path) -> None:
    store, first = take_in(tmp_path, LAMP, GOOD, lamp(country="FR"))
    assert counts(first) == (3, 2, 0, 1)
    again = take(store, write_csv(tmp_path, lamp(weight_g="500"), name="again.csv"))
    assert counts(again) == (1, 0, 0, 1)
    assert first.findings == again.findings == {"order_changed": 1}
    messages = store.list_findings().get_column("message").to_list()
    assert ["country" in messages[0], "weight_g" in messages[1]] == [True, True]
    kept = store.list_orders().filter(pl.col("order_id") == "o1").row(0, named=True)
    assert (kept["country"], kept["weight_g"]) == ("DE", 400)


def test_a_further_line_in_another_file_is_other_content(tmp_path: Path) -> None:
    store, _ = take_in(tmp_path, LAMP)
    again = take(store, write_csv(tmp_path, LAMP, lamp(line="2", sku="MUG"), name="again.csv"))
    assert counts(again) == (2, 0, 1, 1)
    assert again.findings == {"order_changed": 1}


def test_the_same_reference_of_two_sellers_is_two_orders(tmp_path: Path) -> None:
    _, outcome = take_in(tmp_path, LAMP, lamp(seller="other"))
    assert counts(outcome) == (2, 2, 0, 0)
    assert outcome.orders == 2


def test_an_order_in_two_currencies_is_at_odds_with_itself(tmp_path: Path) -> None:
    _, outcome = take_in(tmp_path, LAMP, lamp(line="2", currency="EUR"))
    assert outcome.findings == {"order_changed": 1}
