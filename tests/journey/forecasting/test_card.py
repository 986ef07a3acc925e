"""A card says which model is used, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from entrepost.journey.forecasting.card import Card
from tests.journey.order_book import AS_OF

CARD = Card(
    "purchase", AS_OF, 100, 90, (AS_OF - timedelta(weeks=4), AS_OF), -3.0, -2.5, {"exact": 28.0, "learned": 7.0}
)


def test_the_better_of_both_is_used_and_said() -> None:
    assert CARD.model == "learned"
    assert "-3.0000 exact, -2.5000 learned: learned, half-life 7 days" in str(CARD)


def test_equal_is_not_better() -> None:
    assert replace(CARD, learned=-3.0).model == "exact"
