"""Figures beside a rule file: found by what an order has, the least of its lines, the first file that knows."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import EntrepostError
from entrepost.service.rule_facts import read_facts, with_facts
from entrepost.service.rule_file import load_rules

ORDERS = pl.DataFrame(
    {
        "tenant": ["main"] * 3,
        "seller": ["shop"] * 3,
        "order_id": ["a", "b", "c"],
        "region": ["DE-60", "DE-60", "BR-1"],
        "skus": [["LAMP"], ["LAMP", "MUG"], []],
    },
    schema_overrides={"skus": pl.List(pl.String)},
)


def facts_of(folder: Path, *tables: tuple[str, list[str]], otherwise: dict[str, float] | None = None) -> pl.DataFrame:
    rows = []
    for number, (text, by) in enumerate(tables):
        (folder / f"{number}.csv").write_text(text)
        rows.append({"file": f"{number}.csv", "by": by, "otherwise": otherwise or {}})
    return with_facts(ORDERS, read_facts({"facts": rows}, folder, "rules"))


def test_of_several_lines_the_least_figure_counts(tmp_path: Path) -> None:
    found = facts_of(tmp_path, ("seller,sku,items_year\nshop,LAMP,100\nshop,MUG,3\n", ["seller", "sku"]))
    assert found["items_year"].to_list() == [100, 3, None]


def test_where_a_line_has_no_figure_the_order_has_none(tmp_path: Path) -> None:
    found = facts_of(tmp_path, ("sku,items_year\nLAMP,100\n", ["sku"]), otherwise={"items_year": 0})
    assert found["items_year"].to_list() == [100, 0, 0]


def test_the_first_file_that_knows_tells(tmp_path: Path) -> None:
    near = ("region,sku,items_year\nDE-60,LAMP,7\n", ["region", "sku"])
    wide = ("sku,items_year\nLAMP,100\nMUG,50\n", ["sku"])
    assert facts_of(tmp_path, near, wide)["items_year"].to_list() == [7, 50, None]


def test_rules_ask_for_figures_above_and_up_to(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text("region,items_year\nDE-60,10\nBR-1,2\n")
    path = tmp_path / "rules.toml"
    path.write_text("""
        [[facts]]
        file = "regions.csv"
        by = ["region"]
        [[rule]]
        when = { items_year_over = 9.5, items_year_to = 10 }
        policy = "fastest"
    """)
    rules, facts = load_rules(path)
    assert with_facts(ORDERS, facts).select(rules[0].holds()).to_series().to_list() == [True, True, False]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"file": "none.csv", "by": ["sku"]}, "cannot be read"),
        ({"file": "0.csv", "by": ["colour"]}, "by must be a list of some of"),
        ({"file": "0.csv", "by": ["region"]}, "no column region"),
        ({"file": "0.csv", "by": ["sku"], "otherwise": {"x": "y"}}, "must give numbers"),
        ({"file": "0.csv", "by": ["seller"]}, "two rows of the same"),
        ({"file": "0.csv", "by": ["sku"], "when": 1}, "unknown field 'when'"),
    ],
)
def test_wrong_facts_are_refused_in_words(tmp_path: Path, row: dict[str, object], message: str) -> None:
    (tmp_path / "0.csv").write_text("seller,sku,items_year\nshop,LAMP,1\nshop,MUG,2\n")
    with pytest.raises(EntrepostError, match=message):
        read_facts({"facts": [row]}, tmp_path, "rules")


def test_facts_stand_in_tables(tmp_path: Path) -> None:
    with pytest.raises(EntrepostError, match="under \\[\\[facts\\]\\]"):
        read_facts({"facts": 3}, tmp_path, "rules")
