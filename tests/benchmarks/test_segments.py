"""The benchmark of segments on a few cells: our tree and the greedy one, counted alike."""

from __future__ import annotations

import pytest

from benchmarks.segments import greedy
from entrepost.planning.segmentation.cells import market_problem, measure_market, segment_market
from entrepost.planning.segments import SegmentParams
from tests.planning.segment_markets import brisk_and_slow


def test_where_one_question_parts_the_market_both_trees_find_it() -> None:
    market = market_problem(*brisk_and_slow())
    ours = segment_market(market, SegmentParams(2, regret_share_max=0.0))
    peer = greedy(market, market, 2)
    assert ours.found.share == pytest.approx(0)
    assert peer["regret_share"] == pytest.approx(measure_market(ours, market).found.share)


def test_one_leaf_is_the_best_option_for_all_on_both_sides() -> None:
    market = market_problem(*brisk_and_slow())
    ours = segment_market(market, SegmentParams(1, regret_share_max=0.0))
    peer = greedy(market, market, 1)
    assert peer["regret_share"] == pytest.approx(ours.found.share)
    assert peer["later_share"] == pytest.approx(ours.found.share)
