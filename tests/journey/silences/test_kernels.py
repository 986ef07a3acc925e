"""Each kernel against what can be worked out by hand, and against every case enumerated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.journey.silences import kernels
from entrepost.journey.silences.parts import list_upto

THIRDS = np.array([0.0, 1 / 3, 2 / 3, 1.0])
"""One, two or three hours, equally likely."""

SEEN = np.zeros(6)
"""Every scan is known: after the step nobody is silent any more. The last of six hours is now."""


def test_a_step_without_a_calendar_lasts_its_hours() -> None:
    out = np.zeros(6)
    kernels.add_plain(1.0, THIRDS, SEEN, out)
    assert out == pytest.approx([0, 0, 0, 1 / 3, 2 / 3, 1])


def test_a_share_of_scans_that_is_missing_keeps_that_share_silent() -> None:
    out = np.zeros(6)
    kernels.add_plain(1.0, THIRDS, np.full(6, 0.1), out)
    assert out == pytest.approx([0.1, 0.1, 0.1, 1 / 3 + 0.1 * 2 / 3, 2 / 3 + 0.1 / 3, 1])


def test_work_waits_while_a_place_is_closed() -> None:
    """Open in the hours 0, 1 and 4, 5: who begins at 1 has one open hour before 4."""
    opened = np.array([0, 1, 2, 2, 2, 3, 4], dtype=np.int32)
    out = np.zeros(6)
    kernels.add_work(1.0, THIRDS, opened, np.ones(7), SEEN, out)
    # From 0 there are three open hours until 5, from 1 two, from 2 to 4 one, from 5 none.
    assert out == pytest.approx([0, 1 / 3, 2 / 3, 2 / 3, 2 / 3, 1])


def test_work_of_no_time_is_done_when_the_place_opens() -> None:
    opened = np.array([0, 0, 0, 1, 2, 3, 4], dtype=np.int32)
    out = np.zeros(6)
    kernels.add_work(1.0, np.array([1.0]), opened, np.ones(7), np.array([9.0, 9, 0.25, 0.5, 0, 0]), out)
    assert out[:3] == pytest.approx([0.25, 0.25, 0.25])
    assert out[3] == pytest.approx(0.5)


def test_work_on_a_slow_day_takes_longer() -> None:
    opened = np.arange(7, dtype=np.int32)
    out = np.zeros(6)
    kernels.add_work(1.0, THIRDS, opened, np.full(7, 2.0), SEEN, out)
    assert out == pytest.approx([1 / 3, 1 / 3, 2 / 3, 2 / 3, 1, 1])


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.lists(st.floats(0.01, 1), min_size=1, max_size=8))
@settings(max_examples=50)
def test_always_open_work_is_a_plain_step(after: list[float], parts: list[float]) -> None:
    upto = np.cumsum(parts) / np.sum(parts)
    plain, work = np.zeros(6), np.zeros(6)
    kernels.add_plain(0.7, upto, np.array(after), plain)
    kernels.add_work(0.7, upto, np.arange(7, dtype=np.int32), np.ones(7), np.array(after), work)
    assert work == pytest.approx(plain)
    assert (plain >= -1e-12).all()
    assert (plain <= 0.7 + 1e-12).all()


def test_travel_goes_with_the_run_that_left_last() -> None:
    """Until hour 2 a fast run, which takes one hour; from 3 on a slow one, which takes three."""
    upto, first = np.array([0.0, 1.0, 0.0, 0.0, 0.0, 1.0]), np.array([0, 2, 6], dtype=np.int32)
    run = np.array([0, 0, 0, 1, 1, 1], dtype=np.int32)
    out = np.zeros(6)
    kernels.add_travel(upto, first, run, SEEN, out)
    assert out.tolist() == [0, 0, 0, 1, 1, 1]


def test_a_wait_ends_with_the_first_departure_in_time_or_one_that_was_not_missed() -> None:
    """Departures at 2, 4 and, after now, 9, each with a cutoff an hour before; one in ten misses the first one."""
    cutoff, leaves = np.array([1, 3, 8], dtype=np.int32), np.array([2, 4, 9], dtype=np.int32)
    out = np.zeros(6)
    kernels.add_wait((0.1, 0.0), cutoff, leaves, SEEN, out)
    # From 0 and 1 the departure at 2 or, missed, at 4; from 2 and 3 the one at 4, missed by one in ten.
    assert out == pytest.approx([0, 0, 0.1, 0.1, 1, 1])


def test_who_misses_two_misses_each_further_one_as_probably_as_any() -> None:
    leaves = np.array([1, 2, 3, 4], dtype=np.int32)
    out = np.zeros(6)
    kernels.add_wait((0.2, 0.1), leaves, leaves, SEEN, out)
    # Of the tenth that misses two, 0.7 take the third, 0.3 x 0.7 the fourth, the rest is waiting.
    assert out[0] == pytest.approx(0.1 - 0.07 - 0.021)


def test_an_attempt_is_made_evenly_within_the_next_round() -> None:
    """A round from 1 to 3 and one from 8 to 9, which is after now."""
    which = np.array([0, 0, 1, 1, 1, 1], dtype=np.int32)
    opens, closes = np.array([1, 8], dtype=np.int32), np.array([3, 9], dtype=np.int32)
    out = np.zeros(6)
    kernels.add_round(which, opens, closes, np.array([9.0, 9, 0.2, 0.4, 9, 9]), out)
    assert out == pytest.approx([0.3, 0.3, 1, 1, 1, 1])


def test_looking_every_few_hours_changes_long_silences_by_a_hundredth_at_most() -> None:
    """600 hours of a place that is open by day, against the sum over every single hour."""
    upto = list_upto(0.0, 60.0, 200.0, 600)
    opened = np.concatenate([[0], np.cumsum(np.arange(600) % 24 < 10)]).astype(np.int32)
    after = 0.1 * np.exp(-np.arange(600)[::-1] / 50.0)
    work, plain = np.zeros(600), np.zeros(600)
    kernels.add_work(1.0, upto, opened, np.ones(601), after, work)
    kernels.add_plain(1.0, upto, after, plain)
    for begun in (0, 100, 333, 590):
        done = np.array([upto[opened[at] - opened[begun]] for at in range(begun, 600)])
        done[(opened[begun:600] == opened[begun]) & (np.arange(begun, 600) % 24 >= 10)] = 0.0
        exact = 1 - done[-1] + (np.diff(done, prepend=0.0) * after[begun:]).sum()
        assert work[begun] == pytest.approx(exact, rel=0.01)
        done = upto[: 600 - begun]
        exact = 1 - done[-1] + (np.diff(done, prepend=0.0) * after[begun:]).sum()
        assert plain[begun] == pytest.approx(exact, rel=0.01)
