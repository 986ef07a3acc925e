"""New levels of shelves: what changes from week to week."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from entrepost.planning.trials.turns import list_turns, shares_at, turns_of, with_coming
from tests.planning.trial_scenes import shelf
from tests.worlds import MONDAY

WEEK = timedelta(weeks=1)


def listed(**levels: int) -> pl.DataFrame:
    """Shelves of these articles in Frankfurt."""
    return pl.concat([shelf(level, sku=sku, served_share=0.9) for sku, level in levels.items()])


def test_only_what_changes_is_a_turn() -> None:
    weeks = [(MONDAY + WEEK, listed(LAMP=3, CUP=2)), (MONDAY + 2 * WEEK, listed(LAMP=4, CUP=2))]
    turns = list_turns(listed(LAMP=3, VASE=1), weeks)
    rows = [
        (sku, level, (day - MONDAY).days) for sku, level, day in turns.select("sku", "level", "from_at").iter_rows()
    ]
    assert rows == [("CUP", 2, 7), ("LAMP", 4, 14), ("VASE", 0, 7)]


def test_what_comes_later_has_an_empty_shelf_that_is_not_filled_before() -> None:
    begin = listed(LAMP=3)
    turns = list_turns(begin, [(MONDAY + WEEK, listed(LAMP=3, CUP=2))])
    shelves = with_coming(begin, turns)
    assert shelves.select("sku", "on_hand", "reorder").rows() == [("CUP", 0, -1), ("LAMP", 0, 2)]
    arrays = turns_of(shelves, turns)
    assert arrays.begin.tolist() == [0, 1, 1]
    assert arrays.reorder.tolist() == [1]


def test_who_asks_before_an_article_is_stocked_was_not_planned_to_find_it() -> None:
    begin = listed(LAMP=3)
    turns = list_turns(begin, [(MONDAY + WEEK, listed(CUP=2))])
    shelves = with_coming(begin, turns)
    asked = pl.concat([shelves.with_columns(placed_at=pl.lit(MONDAY + each * WEEK)) for each in (0, 2)])
    asked = asked.with_columns(pl.col("placed_at").cast(pl.Datetime("us", "UTC")))
    found = shares_at(asked, turns).sort("placed_at", "sku").select("sku", "served_share").rows()
    assert found == [("CUP", 0.0), ("LAMP", 0.9), ("CUP", 0.9), ("LAMP", 0.0)]
