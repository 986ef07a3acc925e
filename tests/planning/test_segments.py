"""Segments: the smallest tree that is good enough, the best of its size, told with its regret."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from entrepost.base.errors import MisuseError
from entrepost.planning.segmentation.problem import SegmentProblem
from entrepost.planning.segments import SegmentParams, find_segments, measure_segments

INF = float("inf")


def four_quarters(seed: int = 1, cells: int = 400) -> SegmentProblem:
    """Light cells are cheap by option 0 (1 where demand is brisk), heavy ones by 2 (or 3): four leaves, no regret."""
    features = np.random.default_rng(seed).random((cells, 3))
    best = 2 * (features[:, 0] > 0.5) + (features[:, 1] > 0.5)
    return SegmentProblem(features, np.where(np.arange(4) == best[:, None], 1.0, 2.0), names=["weight", "often", "odd"])


def test_the_smallest_tree_without_regret_is_found() -> None:
    found = find_segments(four_quarters(), SegmentParams(regret_share_max=0.05))
    assert (found.status, len(found.segments)) == ("proved", 4)
    assert found.share < 0.05
    assert {each.option for each in found.segments} == {0, 1, 2, 3}


def test_a_looser_demand_needs_fewer_segments() -> None:
    found = find_segments(four_quarters(), SegmentParams(regret_share_max=0.75))
    assert len(found.segments) == 2


def test_what_cannot_be_good_enough_is_as_good_as_so_many_leaves_allow() -> None:
    found = find_segments(four_quarters(), SegmentParams(leaves_max=3, regret_share_max=0.0))
    assert (len(found.segments), found.status) == (3, "proved")
    assert found.share > 0.1


def test_beyond_six_leaves_the_tree_is_cut_further_and_not_called_proved() -> None:
    dice = np.random.default_rng(2)
    problem = SegmentProblem(dice.random((300, 3)), dice.random((300, 5)))
    six = find_segments(problem, SegmentParams(6, 0.0, bins=4))
    nine = find_segments(problem, SegmentParams(9, 0.0, bins=4))
    assert (len(nine.segments), nine.status) == (9, "stopped")
    assert nine.regret < six.regret


def test_every_cell_lies_in_the_segment_that_says_its_option() -> None:
    problem = four_quarters()
    found = find_segments(problem, SegmentParams(regret_share_max=0.05))
    chosen = found.choose(problem.features)
    regret = problem.regrets()[np.arange(400), chosen].sum()
    assert regret == pytest.approx(found.regret)
    assert np.bincount(found.place(problem.features)).tolist() == [each.cells for each in found.segments]


def test_an_option_that_is_not_allowed_is_never_chosen() -> None:
    cost: NDArray[np.float64] = np.array([[1.0, 5.0], [1.0, 5.0], [INF, 5.0]])
    found = find_segments(SegmentProblem([[1], [2], [3]], cost), SegmentParams(leaves_max=1))
    assert [each.option for each in found.segments] == [1]
    two = find_segments(SegmentProblem([[1], [2], [3]], cost), SegmentParams(leaves_max=2))
    assert [each.option for each in two.segments] == [0, 1]


def test_where_nothing_serves_all_cells_it_says_what_to_do() -> None:
    with pytest.raises(MisuseError, match="give an option that always is"):
        find_segments(SegmentProblem([[1], [1]], [[INF, 1.0], [1.0, INF]]))


def test_the_saving_is_counted_against_today() -> None:
    problem = SegmentProblem([[1], [2]], [[1.0, 3.0], [4.0, 2.0]], weight=[10, 1], today=[5.0, 5.0])
    assert problem.saving() == pytest.approx(10 * 4 + 1 * 3)
    found = find_segments(problem, SegmentParams(leaves_max=1))
    assert found.share == pytest.approx((4.0 - 2.0) / 43)


def test_a_category_is_asked_for_by_its_numbers() -> None:
    values = np.array([0.0, 1.0, 2.0, 3.0] * 5)
    cost = np.where(np.isin(values, [1, 3])[:, None], [[1.0, 2.0]], [[2.0, 1.0]])
    found = find_segments(SegmentProblem(values[:, None], cost, labels={0: ["AU", "BR", "CA", "DE"]}))
    assert (found.regret, len(found.segments)) == (0.0, 2)
    question, _ = found.segments[0].asked[0]
    assert set(question.among) in ({1, 3}, {0, 2})


def test_segments_are_measured_on_other_cells_against_their_own_best() -> None:
    found = find_segments(four_quarters(1), SegmentParams(regret_share_max=0.05))
    later = measure_segments(found, four_quarters(2))
    assert later.share < 0.08
    assert later.regret == pytest.approx(sum(each.regret for each in later.segments))
    upside_down = four_quarters(2)
    worse = SegmentProblem(upside_down.features, np.asarray(upside_down.cost)[:, ::-1])
    assert measure_segments(found, worse).share > 0.9


def test_out_of_time_the_quick_tree_stands_unproved() -> None:
    dice = np.random.default_rng(5)
    problem = SegmentProblem(dice.random((3000, 6)), dice.random((3000, 6)))
    found = find_segments(problem, SegmentParams(5, 0.0, seconds_max=1e-9))
    assert (found.status, len(found.segments)) == ("stopped", 5)


def test_progress_tells_each_number_of_leaves() -> None:
    told: list[tuple[int, float, bool]] = []
    find_segments(four_quarters(), SegmentParams(regret_share_max=0.05), lambda *each: told.append(each))
    assert [leaves for leaves, _, _ in told] == [1, 2, 3, 4]


def test_ties_huge_and_tiny_costs_are_no_trouble() -> None:
    alike = find_segments(SegmentProblem(np.arange(8.0)[:, None], np.ones((8, 3))))
    assert (len(alike.segments), alike.regret) == (1, 0.0)
    scaled = [1e-9, 1.0, 1e12]
    found = [
        find_segments(SegmentProblem([[1], [2], [3]], np.array([[1, 2], [1, 2], [9, 2]]) * each)) for each in scaled
    ]
    assert [[segment.cells for segment in each.segments] for each in found] == [[2, 1]] * 3


@pytest.mark.parametrize("seed", range(2, 12))
def test_the_tree_has_the_regret_that_was_found_for_it(seed: int) -> None:
    """Rounding must not let the bound of a side without a tree pass for a better tree."""
    dice = np.random.default_rng(seed)
    features = dice.integers(0, 5, (60, 4)).astype(float)
    cost = dice.random((60, 4)) * dice.lognormal(3, 1, (60, 1))
    told: list[float] = []
    found = find_segments(
        SegmentProblem(features, cost),
        SegmentParams(6, regret_share_max=0.0),
        lambda leaves, share, proved: told.append(share),
    )
    assert found.share == pytest.approx(told[-1])
    assert told == sorted(told, reverse=True)
