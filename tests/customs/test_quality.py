"""A score says how good data are, part by part, and is drawn towards all where little was sent."""

from __future__ import annotations

import polars as pl
import pytest

from entrepost.customs.check import FINDINGS, Checked
from entrepost.customs.quality import score, seller_scores

ITEM = {
    "seller": "shop",
    "lane": "CN>DE",
    "regime": "ICS2",
    "lines": 2,
    "flawed_lines": 0,
    "wanted": 10,
    "wanted_given": 10,
    "is_timed": True,
    "is_late": False,
    "is_inconsistent": False,
    "sound": True,
}


def checked(*items: dict[str, object]) -> Checked:
    rows = [ITEM | item for item in items]
    return Checked(pl.DataFrame(schema=FINDINGS), pl.DataFrame(rows), [])


def test_each_part_counts_what_it_is_about() -> None:
    found = score(checked({}, {"flawed_lines": 1, "wanted_given": 5, "is_late": True, "sound": False}))
    assert found.row(0, named=True) == {
        "seller": "shop",
        "lane": "CN>DE",
        "items": 2,
        "rejected": 1,
        "timely": 50,
        "accurate": 75,
        "complete": 75,
        "consistent": 100,
        "score": 75,
    }


def test_what_nothing_tells_does_not_count() -> None:
    (row,) = score(checked({"is_timed": False, "is_inconsistent": True})).rows(named=True)
    assert (row["timely"], row["score"]) == (None, pytest.approx(200 / 3))


def test_sellers_and_lanes_are_told_apart_the_greatest_first() -> None:
    found = score(checked({"seller": "a"}, {"seller": "b", "lane": "CN>US"}, {"seller": "b", "lane": "CN>US"}))
    assert found.select("seller", "lane", "items").rows() == [("b", "CN>US", 2), ("a", "CN>DE", 1)]


def test_a_seller_of_few_items_is_scored_nearly_as_all_are() -> None:
    many = (
        [{"seller": "good"}] * 80 + [{"seller": "bad", "flawed_lines": 2}] * 20 + [{"seller": "new", "flawed_lines": 2}]
    )
    found = dict(seller_scores(checked(*many)).select("seller", "seller_score").iter_rows())
    assert found["good"] > found["new"] > found["bad"]
    assert found["new"] == pytest.approx(found["good"], abs=6)


def test_of_no_items_nothing_is_said() -> None:
    nothing = Checked(pl.DataFrame(schema=FINDINGS), checked({}).items.clear(), [])
    assert score(nothing).is_empty()
    assert seller_scores(nothing).is_empty()
