"""Items and what they share."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from entrepost.service.posted import find_postcode_chars, post
from tests.service.cards import card, rate


def items(**columns: list[object]) -> pl.DataFrame:
    count = max(len(column) for column in columns.values())
    usual = {
        "order": list(range(count)),
        "origin": ["CNSHAA"] * count,
        "country": ["DE"] * count,
        "area": ["DE"] * count,
        "postcode": ["60311"] * count,
        "placed_day": [20_000] * count,
    }
    return pl.DataFrame({**usual, **columns})


def test_items_of_one_place_and_day_share_an_occasion() -> None:
    posted = post(items(placed_day=[1, 2, 1, 1], area=["DE", "DE", "DE", None]), 0)
    assert posted.occasion.tolist() == [0, 1, 0, 2]
    assert posted.occasions.select("area", "placed_day").rows() == [("DE", 1), ("DE", 2), (None, 1)]


def test_postcodes_count_as_far_as_a_rate_looks_at_them() -> None:
    frame = items(postcode=["60311", "60999", None, "61000"])
    assert post(frame, 0).occasion.tolist() == [0, 0, 0, 0]
    assert post(frame, 2).occasion.tolist() == [0, 0, 1, 2]
    assert post(frame, 9).occasion.tolist() == [0, 1, 2, 3]


def test_the_longest_prefix_of_a_rate_counts_without_its_star() -> None:
    network = card([{}])
    assert find_postcode_chars(network) == 0
    assert find_postcode_chars(replace(network, rates=())) == 0
    prefixed = (rate(postcode_prefix="60-3*"), rate(postcode_prefix="7"))
    assert find_postcode_chars(replace(network, rates=prefixed)) == 3


def test_offers_are_runs_of_one_order_and_origin() -> None:
    posted = post(items(order=[0, 0, 0, 1], origin=["DEFRAW", "DEFRAW", "DEHAMW", "DEHAMW"]), 0)
    assert posted.offer.tolist() == [0, 0, 1, 2]
    assert posted.begin.tolist() == [0, 2, 3]
