"""A view holds what was known at its instant, and nothing later."""

from __future__ import annotations

import numpy as np

from entrepost.journey.forecast import _measure
from entrepost.journey.forecasting.orders import read_groups, read_orders, to_days
from entrepost.journey.forecasting.view import learn_view
from tests.journey.order_book import AS_OF, FAR_DAYS, NEAR_DAYS, book

INSTANT = to_days(AS_OF) - 70


def test_the_levels_of_a_lane_are_its_median_wait() -> None:
    histories = book()
    groups = read_groups(histories)
    orders = read_orders(histories, groups)
    found = np.exp(learn_view(orders, INSTANT, _measure(groups)).expect("purchase", orders))
    far = (histories["destination"] == "B").to_numpy()
    assert abs(found[far].mean() / FAR_DAYS - 1) < 0.05
    assert abs(found[~far].mean() / NEAR_DAYS - 1) < 0.05


def test_a_view_of_all_histories_is_that_of_the_histories_cut_at_its_instant() -> None:
    histories = book()
    groups = read_groups(histories)
    orders = read_orders(histories, groups)
    new = orders.at(orders.placed >= INSTANT)
    for stage in ("purchase", "handover"):
        whole, cut = (
            learn_view(each, INSTANT, _measure(groups)).describe(stage, new, "BR")
            for each in (orders, orders.known_at(INSTANT))
        )
        assert np.array_equal(whole, cut, equal_nan=True)
