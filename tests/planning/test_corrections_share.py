"""The share that a factor would keep: exact where all is known, and true where some are under way or unscanned."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.planning.corrections_share import (
    FACTORS,
    MOST,
    USUALLY_LOST,
    Floats,
    Ratios,
    effective,
    find_factor,
    list_shares,
    mean_factor,
)

SETTLED = 2.5


def ratios_of(ratio: Floats, ended: Floats | None = None, unseen: float = 0.0) -> Ratios:
    size = ratio.size
    return Ratios(
        ratio,
        np.ones(size, np.bool_) if ended is None else ended.astype(np.bool_),
        np.ones(size),
        np.arange(size, dtype=np.int64),
        np.full(size, unseen),
    )


def lognormal(size: int, seed: int = 1) -> Floats:
    found: Floats = np.exp(0.3 * np.random.default_rng(seed).standard_normal(size))
    return found


def test_where_all_have_ended_it_is_the_share_itself() -> None:
    drawn = lognormal(1000)
    shares = list_shares(ratios_of(drawn), SETTLED).share
    assert shares == pytest.approx([(drawn <= factor).mean() for factor in FACTORS])


def test_who_is_under_way_has_lasted_so_long_already() -> None:
    drawn, so_far = lognormal(20_000), np.random.default_rng(2).uniform(0.2, 3.0, 20_000)
    shares = list_shares(ratios_of(np.minimum(drawn, so_far), drawn <= so_far), SETTLED)
    assert find_factor(shares, 0.9, 1) == pytest.approx(np.quantile(drawn, 0.9), rel=0.02)
    hasty = drawn[drawn <= so_far]
    assert np.quantile(hasty, 0.9) < np.quantile(drawn, 0.9) * 0.97, "those that ended are the quick ones"


def test_ends_that_nobody_scanned_change_nothing_where_their_share_is_known() -> None:
    drawn = lognormal(20_000)
    scanned = np.random.default_rng(3).random(20_000) >= 0.3
    seen = ratios_of(np.where(scanned, drawn, 8.0), scanned, unseen=0.3)
    found = find_factor(list_shares(seen, SETTLED), 0.9, 1)
    assert found == pytest.approx(np.quantile(drawn, 0.9 / (1 - USUALLY_LOST)), rel=0.02)


def test_what_is_lost_is_broken_where_ends_are_scanned() -> None:
    drawn = lognormal(20_000)
    lost = np.random.default_rng(4).random(20_000) < 0.05
    for unseen in (0.0, 1e-6):
        shares = list_shares(ratios_of(np.where(lost, 40.0, drawn), ~lost, unseen), SETTLED)
        assert shares.share[-1] == pytest.approx(0.95, abs=0.005)
        assert find_factor(shares, 0.9, 1) == pytest.approx(np.quantile(drawn, 0.9 / 0.95), rel=0.03)


def test_a_sparse_place_is_drawn_to_its_parent() -> None:
    parent = list_shares(ratios_of(lognormal(20_000)), SETTLED)
    few = ratios_of(lognormal(50, 5) * 1.5)
    found = [find_factor(list_shares(few, SETTLED, parent, pool), 0.5, 1) for pool in (0.0, 50.0, 1e6)]
    assert found[0] == pytest.approx(1.5, rel=0.1)
    assert found[2] == pytest.approx(1.0, rel=0.02)
    assert found[2] < found[1] < found[0]  # type: ignore[operator]


def test_nothing_is_said_of_what_nobody_was_there_long_enough_to_see() -> None:
    drawn = lognormal(1000)
    early = list_shares(ratios_of(np.minimum(drawn, 0.8), drawn <= 0.8), SETTLED)
    assert find_factor(early, 0.9, 10) is None
    assert find_factor(early, 0.1, 10) == pytest.approx(np.quantile(drawn, 0.1), rel=0.03)


def test_where_nothing_ends_the_factor_is_the_greatest() -> None:
    never = ratios_of(np.full(100, 20.0), np.zeros(100))
    shares = list_shares(never, SETTLED)
    assert find_factor(shares, 0.9, 10) == MOST
    assert mean_factor(shares, 10.0) == MOST


def test_the_mean_is_that_of_the_ratios() -> None:
    drawn = lognormal(20_000)
    assert mean_factor(list_shares(ratios_of(drawn), SETTLED), 5.0) == pytest.approx(drawn.mean(), rel=0.02)


def test_orders_that_share_their_fate_count_as_one() -> None:
    alike = ratios_of(lognormal(100))._replace(cluster=np.arange(100) // 20)
    assert effective(alike) == pytest.approx(5)
    assert list_shares(alike, SETTLED).left[0] == pytest.approx(5)
