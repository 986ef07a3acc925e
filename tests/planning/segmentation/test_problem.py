"""What segments are found for: checked once, with its regrets and its saving."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.segmentation.problem import SegmentProblem, list_axes, price_of_forbidden

INF = float("inf")


def test_regret_is_what_the_items_of_a_cell_cost_more_than_by_its_best_option() -> None:
    problem = SegmentProblem([[1], [2]], [[1.0, 3.0], [INF, 2.0]], weight=[10, 1])
    assert problem.regrets().tolist() == [[0.0, 20.0], [INF, 0.0]]
    assert price_of_forbidden(problem.regrets()) > 20.0


def test_without_today_the_saving_is_counted_against_the_best_single_option() -> None:
    assert SegmentProblem([[1], [2]], [[1.0, 3.0], [4.0, 2.0]]).saving() == 2.0


def test_a_category_has_an_axis_in_order_and_one_for_its_largest_texts() -> None:
    values = np.array([0.0, 1.0, 1.0, 2.0])
    problem = SegmentProblem(values[:, None], [[0, 1], [1, 0], [1, 0], [0, 3]], labels={0: ["a", "b", "c"]})
    axes = list_axes(problem, problem.regrets(), 16, 1)
    assert [axis.groups for axis in axes] == [((2,), (0,), (1,)), ((1,), (0, 2))]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"features": [[1]], "cost": [[1], [2]]}, "one row for each cell"),
        ({"features": [[float("nan")]], "cost": [[1]]}, "no number"),
        ({"features": [[1]], "cost": [[INF]]}, "at least one option"),
        ({"features": [[1]], "cost": [[1]], "weight": [-1]}, "none below 0"),
        ({"features": [[1]], "cost": [[1]], "names": ["a", "b"]}, "2 for 1"),
    ],
)
def test_what_is_no_problem_is_refused_in_words(given: dict[str, object], message: str) -> None:
    with pytest.raises(MisuseError, match=message):
        SegmentProblem(**given)  # type: ignore[arg-type]
