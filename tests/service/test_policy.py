"""How policies rank."""

from __future__ import annotations

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.service.policy import (
    CHARGE,
    COST,
    KEPT,
    MISSED,
    WORTH,
    Balanced,
    Fastest,
    FirstNamed,
    KeepDate,
    LeastCharge,
    LeastCost,
)
from entrepost.service.policy import Ranking as Policy


def offers(wanted: list[float] | None = None) -> pl.DataFrame:
    """A cheap slow, a middling and a dear fast service."""
    return pl.DataFrame(
        {
            "service": ["CHEAP", "MIDDLE", "DEAR"],
            "charge_minor": [500, 800, 2000],
            "cost_minor": [700, 600, 1200],
            "due_minor": [0, 300, 0],
            "wait_hours_mean": [480.0, 240.0, 72.0],
            "wanted_probability": pl.Series(wanted or [None] * 3, dtype=pl.Float64),
        }
    )


def order_of(policy: Policy, wanted: list[float] | None = None) -> list[str]:
    return offers(wanted).sort(*policy.keys()).get_column("service").to_list()


def ground_of(policy: Policy, wanted: list[float] | None = None) -> list[int]:
    return offers(wanted).select(policy.ground()).to_series().to_list()


def test_day_of_waiting_has_a_price() -> None:
    assert order_of(Balanced(day_value_minor=0))[0] == "CHEAP"
    assert order_of(Balanced(day_value_minor=31))[0] == "MIDDLE"
    assert order_of(Balanced(day_value_minor=200))[0] == "DEAR"


def test_what_costs_least_counts_what_is_due_and_the_wait() -> None:
    assert order_of(LeastCost())[0] == "CHEAP", "carried at 600, but 300 are due"
    assert order_of(LeastCost(day_value_minor=25))[0] == "MIDDLE"
    assert order_of(LeastCost(day_value_minor=200))[0] == "DEAR"
    assert set(ground_of(LeastCost(), [0.5, 0.9, 1.0])) == {COST}
    with pytest.raises(MisuseError, match="day_value_minor -1 must not be negative"):
        LeastCost(-1)


def test_cheapest_that_keeps_the_date_is_first() -> None:
    wanted = [0.5, 0.9, 1.0]
    for policy in (Balanced(), KeepDate()):
        assert order_of(policy, wanted) == ["MIDDLE", "DEAR", "CHEAP"]
        assert ground_of(policy, wanted) == [MISSED, KEPT, KEPT]


def test_other_probabilities_ask_for_more_or_less() -> None:
    assert order_of(KeepDate(0.95), [0.5, 0.9, 1.0])[0] == "DEAR"
    assert order_of(KeepDate(0.5), [0.5, 0.9, 1.0])[0] == "CHEAP"


def test_where_none_keeps_the_date_the_likeliest_is_first() -> None:
    assert order_of(KeepDate(), [0.1, 0.6, 0.4]) == ["MIDDLE", "DEAR", "CHEAP"]


def test_without_a_date_there_is_nothing_to_keep() -> None:
    assert order_of(KeepDate())[0] == "CHEAP"
    assert set(ground_of(KeepDate())) == {CHARGE}
    assert set(ground_of(Balanced())) == {WORTH}


def test_least_charge_and_fastest_look_at_one_thing() -> None:
    assert order_of(LeastCharge()) == ["CHEAP", "MIDDLE", "DEAR"]
    assert order_of(Fastest()) == ["DEAR", "MIDDLE", "CHEAP"]


def test_named_services_come_in_their_order() -> None:
    assert order_of(FirstNamed(("DEAR", "CHEAP")))[:2] == ["DEAR", "CHEAP"]


@pytest.mark.parametrize("probability", [0, -0.1, 1.1])
def test_impossible_probability_is_refused(probability: float) -> None:
    with pytest.raises(MisuseError, match="above 0 and at most 1"):
        KeepDate(probability)
    with pytest.raises(MisuseError, match="above 0 and at most 1"):
        Balanced(probability)


def test_negative_value_of_a_day_is_refused() -> None:
    with pytest.raises(MisuseError, match="must not be negative"):
        Balanced(day_value_minor=-1)
