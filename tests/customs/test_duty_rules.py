"""The rules of duty, each by hand; that both their doors agree is shown where all rules are walked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from entrepost.customs import duty_rules as rules

MONEY = st.integers(0, 10**13)


def test_shares_and_amounts_are_rounded_half_up_once() -> None:
    assert rules.ad_valorem(1001, 50_000) == 501
    assert rules.specific(500, 2_400_000, 3, 0) == 1
    assert rules.specific(0, 0, 3, 500_000) == 2


def test_a_duty_stays_between_its_bounds_and_the_upper_wins() -> None:
    assert [rules.between(5, 7, -1), rules.between(9, -1, 8), rules.between(5, 7, 6), rules.between(5, -1, -1)] == [
        7,
        8,
        6,
        5,
    ]


def test_the_programme_meets_at_its_limit() -> None:
    assert rules.programme_duty(5000, 5000, 20_000, 60_000, 2000) == 1000
    assert rules.programme_duty(5001, 5000, 20_000, 60_000, 2000) == 1001


def test_a_tax_inside_its_own_base_is_a_share_of_what_is_paid_in_all() -> None:
    tax = rules.consumption_tax(8300, 17_000, 1)
    assert tax == 1700
    assert tax * 100 == 17 * (8300 + tax)


@given(MONEY, MONEY)
def test_more_value_is_no_less_duty(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert rules.ad_valorem(low, 12_000) <= rules.ad_valorem(high, 12_000)
    programme = (5000, 20_000, 60_000, 2000)
    assert rules.programme_duty(low, *programme) <= rules.programme_duty(high, *programme)
    assert rules.excess_duty(low, 20_000, 15_000, 0, 200) <= rules.excess_duty(high, 20_000, 15_000, 0, 200)
