"""What rules may ask: cuts at readable figures, categories in an order that parts who gains from who loses."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.segmentation.axes import Axis, cut_figure, order_categories, readable, single_out


def test_thresholds_are_written_with_two_digits() -> None:
    assert readable(np.array([1234.5, 0.0456, -789.0, 0.0])).tolist() == [1200.0, 0.046, -790.0, 0.0]


def test_few_values_are_each_a_bin_cut_between_them() -> None:
    axis = cut_figure(0, np.array([1.0, 2.0, 2.0, 5.0]), np.ones(4), 16)
    assert (axis.thresholds, axis.bins) == ((1.4, 3.2), 3)
    assert axis.code(np.array([[1.0], [2.0], [5.0], [99.0]])).tolist() == [0, 1, 2, 2]


def test_many_values_lie_in_bins_of_about_equal_weight() -> None:
    values = np.random.default_rng(1).lognormal(5, 1, 10_000)
    axis = cut_figure(0, values, np.ones(values.size), 8)
    counts = np.bincount(axis.code(values[:, None]))
    assert axis.bins == 8
    assert counts.min() > 10_000 / 8 * 0.85


def test_all_weight_on_one_value_leaves_readable_cuts() -> None:
    assert cut_figure(0, np.full(9, 3.0), np.ones(9), 8).bins == 1


def test_categories_stand_in_the_order_of_what_two_options_differ_by() -> None:
    values = np.array([0.0, 0.0, 1.0, 2.0])
    excess = np.array([[1, 5, 0], [1, 5, 0], [1, 0, 3], [2, 1, 1]], dtype=float)
    axis = order_categories(0, values, excess, 16)
    assert axis.groups == ((1,), (2,), (0,))
    assert axis.code(np.array([[1.0], [0.0], [-1.0]])).tolist() == [0, 2, 2]


def test_many_categories_are_grouped_with_their_neighbours() -> None:
    values = np.arange(100.0)
    axis = order_categories(0, values, np.column_stack([np.ones(100), values, np.zeros(100)]), 10)
    assert axis.bins == 10
    assert axis.groups[0] == tuple(range(10))


def test_the_largest_categories_can_be_asked_for_alone() -> None:
    values = np.array([0.0, 1.0, 1.0, 2.0])
    assert single_out(3, values, np.array([1.0, 2.0, 2.0, 9.0]), 2) == [
        Axis(3, groups=((2,), (0, 1))),
        Axis(3, groups=((1,), (0, 2))),
    ]


def test_two_categories_need_no_axis_of_their_own() -> None:
    assert single_out(0, np.array([0.0, 1.0]), np.ones(2), 3) == []


def test_a_category_that_is_no_number_is_refused() -> None:
    with pytest.raises(MisuseError, match="whole numbers"):
        single_out(0, np.array([0.5, 1.0]), np.ones(2), 3)
