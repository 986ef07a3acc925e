"""Identifiers from blocks: none twice within the reuse period."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import ExhaustedError, MalformedCodeError, MisuseError
from entrepost.codes import s10
from entrepost.mail.numbering import Block, Run, allocate, check_blocks, free_on

DAY = date(2026, 3, 2)


def test_numbers_come_one_after_another_with_their_check_digit():
    given_out = allocate(Block("RB", "CN", 12345678, 12345699, 12345678), 2, DAY)
    assert given_out.identifiers == ("RB123456785CN", "RB123456799CN")
    assert given_out.block.next == 12345680
    assert given_out.runs == (Run(12345678, 12345679, DAY),)


def test_at_its_end_a_block_goes_round_when_the_reuse_period_is_over():
    first = allocate(Block("RB", "CN", 1, 10, 9), 4, DAY)
    assert first.runs == (Run(9, 10, DAY), Run(1, 2, DAY))
    assert first.block.next == 3


def test_a_number_is_not_given_again_a_day_too_early():
    old = Run(1, 10, date(2024, 3, 3))
    with pytest.raises(ExhaustedError, match="until 2026-03-03"):
        allocate(Block("RB", "CN", 1, 10, 1), 1, DAY, [old])
    assert allocate(Block("RB", "CN", 1, 10, 1), 1, date(2026, 3, 3), [old]).identifiers


def test_all_numbers_are_given_or_none():
    with pytest.raises(ExhaustedError, match="has 10 numbers, 11 are needed"):
        allocate(Block("RB", "CN", 1, 10, 1), 11, DAY)


def test_a_leap_day_comes_round_on_the_last_of_february():
    assert free_on(Run(1, 1, date(2024, 2, 29))) == date(2026, 2, 28)
    assert free_on(Run(1, 1, date(2024, 12, 31)), months=12) == date(2025, 12, 31)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 400)), max_size=30))
def test_no_number_comes_twice_within_the_period(steps):
    block, runs, day = Block("RB", "CN", 1, 20, 1), [], DAY
    last: dict[str, date] = {}
    for count, days in steps:
        day = date.fromordinal(day.toordinal() + days)
        try:
            given_out = allocate(block, count, day, runs)
        except ExhaustedError:
            continue
        for identifier in given_out.identifiers:
            s10.parse(identifier)
            before = last.get(identifier)
            assert before is None or free_on(Run(1, 1, before)) <= day
            last[identifier] = day
        block, runs = given_out.block, [*runs, *given_out.runs]


def test_blocks_that_share_numbers_are_found():
    blocks = [Block("RB", "CN", 1, 10, 1), Block("RB", "CN", 10, 20, 10), Block("RB", "DE", 1, 10, 1)]
    assert [finding.code for finding in check_blocks(blocks)] == ["block_overlap"]


def test_a_block_cannot_be_malformed():
    with pytest.raises(MisuseError):
        Block("RB", "CN", 1, 10, 11)
    with pytest.raises(MalformedCodeError):
        Block("RB", "XX", 1, 10, 1)
