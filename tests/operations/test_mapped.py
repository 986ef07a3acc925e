"""Files that belong together are joined, row to row or one to many."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from tests.operations.shop import counts, lamp, take_in, write_csv


def test_files_that_belong_together_are_joined(tmp_path: Path) -> None:
    write_csv(
        tmp_path, {"order": "1", "n": "1", "article": "A"}, {"order": "1", "n": "2", "article": "B"}, name="lines.csv"
    )
    write_csv(tmp_path, {"article": "A", "g": "100.0"}, {"article": "B", "g": "200.4"}, name="articles.csv")
    mapping = """
    [columns]
    order_id = "order"
    placed_at = "at"
    line = "lines.n"
    sku = "lines.article"
    weight_g = "articles.g"
    [constants]
    seller = "shop"
    origin = "CNSHAA"
    country = "DE"
    [units]
    weight_g = "g"
    [join.lines]
    file = "lines.csv"
    on = "order"
    rows = "many"
    [join.articles]
    file = "articles.csv"
    on = { left = "lines.article", right = "article" }
    """
    rows = [{"order": order, "at": "2026-01-05T10:00:00Z"} for order in ("1", "2")]
    store, outcome = take_in(tmp_path, *rows, mapping=mapping)
    assert counts(outcome) == (3, 2, 0, 1)
    assert outcome.findings == {"join_missing": 1}
    assert store.list_orders().select("order_id", "line", "sku", "weight_g").rows() == [
        ("1", 1, "A", 100),
        ("1", 2, "B", 200),
    ]
    assert "lines.csv has no row where order is 2" in store.list_findings().get_column("message")[0]


def test_a_doubled_key_of_a_joined_file_is_a_warning_and_the_first_row_counts(tmp_path: Path) -> None:
    write_csv(tmp_path, {"sku": "LAMP", "g": "100"}, {"sku": "LAMP", "g": "900"}, name="articles.csv")
    mapping = '[columns]\nweight_g = "articles.g"\n[join.articles]\nfile = "articles.csv"\non = "sku"\n'
    store, outcome = take_in(tmp_path, lamp(), mapping=mapping)
    assert outcome.findings == {"join_doubled": 1}
    assert store.list_orders().get_column("weight_g").to_list() == [100]


def test_an_optional_join_may_meet_nothing(tmp_path: Path) -> None:
    write_csv(tmp_path, {"sku": "MUG", "town": "Bonn"}, name="towns.csv")
    mapping = '[columns]\ncity = "towns.town"\n[join.towns]\nfile = "towns.csv"\non = "sku"\noptional = true\n'
    store, outcome = take_in(tmp_path, lamp(), lamp(order_id="o2", sku="MUG"), mapping=mapping)
    assert outcome.findings == {}
    assert store.list_orders().get_column("city").to_list() == [None, "Bonn"]


def test_a_joined_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    write_csv(tmp_path, {"sku": "MUG"}, name="towns.csv")
    mapping = '[join.towns]\nfile = "towns.csv"\non = { left = "article", right = "sku" }\n'
    with pytest.raises(UnreadableInputError, match="on names article"):
        take_in(tmp_path, lamp(), mapping=mapping)
