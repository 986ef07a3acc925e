"""The shares of an item's lines add up to its whole, however large the figures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from entrepost.customs.assess import share_of


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**13), min_size=1, max_size=5))
def test_shares_add_up_and_stay_within_64_bits(amount: int, values: list[int]) -> None:
    upto = [share_of(amount, sum(values[: place + 1]), sum(values)) for place in range(len(values))]
    assert upto == sorted(upto)
    assert upto[-1] == amount


def test_a_whole_of_nothing_falls_on_the_first_line() -> None:
    assert [share_of(5, 0, 0), share_of(5, 1, 4)] == [5, 1]
