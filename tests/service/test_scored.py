"""Each order has the value of a day of its own lane and waits; other policies have one for all, or none."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from entrepost.experience.satisfaction import LaneLoss
from entrepost.experience.satisfaction_file import default_satisfaction
from entrepost.service.policy import Balanced, ByScore, LeastCharge
from entrepost.service.scored import add_day_values

OFFERS = pl.DataFrame(
    {
        "order": [0, 0, 1, 1, 2],
        "origin": ["CNSHAA"] * 5,
        "country": ["DE", "DE", "US", "US", "DE"],
        "wait_hours_mean": [240.0, 480.0, 240.0, 480.0, 900.0],
    }
)


def values(policy: Balanced | ByScore | LeastCharge) -> list[int | None]:
    found = add_day_values(OFFERS, policy)
    assert found.drop("day_value_minor").equals(OFFERS)
    return found.get_column("day_value_minor").to_list()


def test_all_offers_of_an_order_have_the_same_value_and_long_waits_another() -> None:
    found = values(ByScore(10_000))
    assert found[0] == found[1] == found[2] == found[3]
    assert found[4] != found[0]
    assert all(value is not None and value > 0 for value in found)


def test_the_learned_model_of_a_lane_counts() -> None:
    base = default_satisfaction()
    learned = replace(base, lanes={**base.lanes, "CNSHAA>US": LaneLoss(1.5, 100)})
    found = values(ByScore(10_000, learned))
    assert found[0] != found[2]


def test_other_policies_have_one_value_or_none() -> None:
    assert values(Balanced(day_value_minor=70)) == [70] * 5
    assert values(LeastCharge()) == [None] * 5
