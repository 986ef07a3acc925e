"""The silence of items: as probable as stated, of what was known by then, whatever comes later."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.journey.eta import silence
from entrepost.journey.silence import (
    BINS,
    BINS_A_DECADE,
    SCHEMA,
    expect_silent,
    list_silences,
    name_each,
    to_bins,
    weigh_silence,
)
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, lost_item, usual
from tests.worlds import MONDAY

NETWORK = uncertain_offices()


def test_as_many_items_are_silent_as_their_chances_say() -> None:
    """At 60 instants of a history as the network says, by how improbable: within 4 errors, as items share flights."""
    seen, expected = np.zeros(4), np.zeros(4)
    for day in range(30, 90):
        found = weigh_silence(NETWORK, usual(), MONDAY + timedelta(days=day, hours=day % 24))
        decades = np.minimum(to_bins(found.chance[found.under_way]) // BINS_A_DECADE, 3)
        seen += np.bincount(decades, minlength=4)
        would = expect_silent(found, np.ones(found.chance.size, dtype=np.bool_))
        expected += [would[at * BINS_A_DECADE : (at + 1) * BINS_A_DECADE if at < 3 else BINS].sum() for at in range(4)]
    assert seen[0] == pytest.approx(expected[0], rel=0.07)
    for at in (1, 2, 3):
        assert seen[at] <= expected[at] + 4 * np.sqrt(expected[at]) + 3, (seen, expected)
    assert seen[1] > expected[1] / 2


def test_a_lost_item_stands_first() -> None:
    events, item = lost_item()
    found = list_silences(NETWORK, events, NOW)
    assert found.schema == SCHEMA
    assert found.row(0, named=True)["item_id"] == item
    assert found["chance"][0] < 1e-4
    assert (found["awaited"][0], found["place"][0]) == ("EDB", "DEFRAA")


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=8, deadline=None)
def test_what_happens_later_changes_nothing(seed: int) -> None:
    draws = np.random.default_rng(seed)
    before = usual().filter(pl.col("recorded_at") <= NOW)
    after = usual().filter(pl.col("recorded_at") > NOW)
    shuffled = after.with_columns(
        code=pl.Series(draws.permutation(after["code"].to_numpy())),
        time=pl.col("time") + pl.Series(draws.integers(0, 10**9, after.height)).cast(pl.Duration("us")),
        item_id=pl.Series(draws.permutation(after["item_id"].to_numpy())),
    )
    one = list_silences(NETWORK, pl.concat([before, after]), NOW)
    other = list_silences(NETWORK, pl.concat([shuffled, before]).sample(fraction=1.0, shuffle=True, seed=1), NOW)
    assert one.equals(other)


def test_nothing_known_is_nobody_silent() -> None:
    assert list_silences(NETWORK, usual().head(0), NOW).equals(pl.DataFrame(schema=SCHEMA))


def test_an_item_alone_is_judged_by_the_network() -> None:
    one = usual().filter(pl.col("code") == "EMA").head(1)
    placed = one["time"][0]
    soon = list_silences(NETWORK, one, placed + timedelta(hours=1))
    late = list_silences(NETWORK, one, placed + timedelta(days=9))
    assert soon["chance"][0] > 0.5
    assert late["chance"][0] < 0.2


def test_names_of_numbers() -> None:
    assert name_each(["a", "b"], np.array([1, -1, 0], dtype=np.int32)).to_list() == ["b", None, "a"]


def test_chances_fall_into_bins_by_their_logarithm() -> None:
    found = to_bins(np.array([1.0, 0.1, 0.01, 0.0]))
    assert found.tolist() == [0, BINS_A_DECADE, 2 * BINS_A_DECADE, BINS - 1]


def test_the_forecast_of_arrivals_weighs_the_same_silence_where_it_is_exact() -> None:
    """`eta.silence` follows each item by itself; it widens the steps of one that is silent for improbably long."""
    other = silence(NETWORK, usual(), NOW).filter(pl.col("basis") == "exact").select("item_id", "silence_probability")
    both = list_silences(NETWORK, usual(), NOW).join(other, on="item_id")
    assert both.height > 100
    apart = (both["chance"] - both["silence_probability"]).abs()
    assert apart.max() < 0.05  # type: ignore[operator]
    assert apart.mean() < 0.005  # type: ignore[operator]
