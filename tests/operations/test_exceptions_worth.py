"""What acting saves, worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.journey.silence import weigh_silence
from entrepost.operations.exceptions_found import DISPATCH_MISSING, ITEM_SILENT, KINDS, STEP_SLOW, Found
from entrepost.operations.exceptions_params import ExceptionParams
from entrepost.operations.exceptions_worth import HELPED, Outlook, look_out, save, trouble_of
from tests.journey.silences.test_read import scans
from tests.worlds import MONDAY, two_offices

PARAMS = ExceptionParams(trouble_per_million=1_000, act_days=1.0, helped_item=0.4, helped_dispatch=0.5, helped_lane=0.1)
NOW = 1000
NONE = np.array([np.nan])


def found(kind: str, items: int = 1, chance: float = 0.0, extra: float = 0.0, a_day: float = 0.0) -> Found:
    return Found(kind, "x", "DEFRAA", 900, chance, np.arange(items), {}, extra, a_day)


def test_every_kind_has_its_setting() -> None:
    assert set(HELPED) == set(KINDS)
    assert all(hasattr(PARAMS, name) for name in HELPED.values())


def test_an_item_that_would_be_asked_for_in_five_days_saves_five_days_of_those_that_asking_helps() -> None:
    outlook = Outlook(np.array([NOW + 120.0]), np.array([48.0]), NONE, NOW)
    assert save(found(ITEM_SILENT), outlook, PARAMS) == pytest.approx((0.4 * 5, 0))


def test_what_may_be_chance_counts_only_as_probable_as_it_is_wrong() -> None:
    """One in a thousand is wrong before; a silence of one in a thousand makes it one in two, nearly."""
    outlook = Outlook(np.array([NOW + 120.0]), np.array([48.0]), NONE, NOW)
    days, _ = save(found(ITEM_SILENT, chance=0.001), outlook, PARAMS)
    assert days == pytest.approx(0.4 * 5 * 0.5, rel=0.001)


def test_a_promise_is_rescued_where_acting_now_still_keeps_it_and_asking_later_does_not() -> None:
    """Three items with two days left: promised in two days, in four, and in ten; asked for in five days."""
    promised = np.array([NOW + 48.0, NOW + 96.0, NOW + 240.0])
    outlook = Outlook(np.full(3, NOW + 120.0), np.full(3, 48.0), promised, NOW)
    # Acting takes a day: it comes in three. Of the three only the second is kept that would be broken.
    assert save(found(DISPATCH_MISSING, 3), outlook, PARAMS)[1] == pytest.approx(0.5)


def test_a_slow_step_costs_everyone_who_comes_into_it_until_it_is_reviewed() -> None:
    """Ten items in it and 5 a day for 14 days, each 12 hours longer; a tenth of it ends by asking: 4 item-days."""
    outlook = Outlook(np.zeros(10), np.zeros(10), np.full(10, np.nan), NOW)
    days, promises = save(found(STEP_SLOW, 10, extra=12.0, a_day=5.0), outlook, PARAMS)
    assert (days, promises) == (pytest.approx(0.1 * 80 * 0.5), 0.0)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_less_probable_by_chance_the_more_probably_something_is_wrong(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    assert 0 <= trouble_of(high, PARAMS) <= trouble_of(low, PARAMS) <= 1


def test_somebody_asks_a_while_after_the_item_should_have_come() -> None:
    """Accepted on Tuesday 02; fixed steps, so in the middle and for nine in ten alike, and three days of patience."""
    events = scans(("EMA", "CNSHAA", 24), ("EMB", "CNSHAA", 26))
    silence = weigh_silence(two_offices(), events, MONDAY + timedelta(hours=30))
    outlook = look_out(silence, ExceptionParams(patience_days=3), pl.DataFrame())
    stages = silence.watch.history.stages.rows
    usual = stages["median"][2:].sum() + np.sqrt(((stages["p90"] - stages["median"])[2:] ** 2).sum())
    assert outlook.asked[0] - silence.watch.heard[0] == pytest.approx(usual + 72)
    assert np.isnan(outlook.promised[0])


def test_a_promise_says_when_it_should_have_come() -> None:
    events = scans(("EMA", "CNSHAA", 24), tenant="main", seller="shop")
    now = MONDAY + timedelta(hours=30)
    silence = weigh_silence(two_offices(), events, now)
    promised = pl.DataFrame(
        {"tenant": ["main"], "seller": ["shop"], "item_id": ["a"], "arrive_by": [now + timedelta(days=4)]}
    )
    outlook = look_out(silence, ExceptionParams(patience_days=3), promised)
    assert outlook.asked[0] - outlook.now == pytest.approx(7 * 24)
    assert outlook.promised[0] - outlook.now == pytest.approx(4 * 24)


def test_who_is_overdue_is_asked_for_after_the_same_patience_and_nobody_waits_for_ever() -> None:
    events = scans(("EMA", "CNSHAA", 24), ("EMD", "DEFRAA", 60))
    silence = weigh_silence(two_offices(), events, MONDAY + timedelta(days=40))
    late = look_out(silence, ExceptionParams(patience_days=3), pl.DataFrame())
    assert late.asked[0] == late.now + 72
    early = look_out(silence, ExceptionParams(patience_days=500, asked_days_most=10), pl.DataFrame())
    assert early.asked[0] == early.now + 240
