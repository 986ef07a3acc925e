"""Orders as columns: what was known at an instant, and names as numbers."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from entrepost.journey.forecasting.orders import read_groups, read_orders, to_days

FRAME = pl.DataFrame(
    {
        "order_id": ["early", "late"],
        "placed_at": [datetime(2025, 1, 1), datetime(2025, 1, 5)],  # noqa: DTZ001
        "delivered_at": [datetime(2025, 1, 4), None],  # noqa: DTZ001
        "seller": ["Ming", None],
    }
)


def test_what_had_not_happened_is_not_known() -> None:
    orders = read_orders(FRAME, read_groups(FRAME))
    known = orders.known_at(to_days(datetime(2025, 1, 3)))  # noqa: DTZ001
    assert known.placed.size == 1
    assert np.isnan(known.delivered).all()
    assert orders.known_at(to_days(datetime(2025, 1, 9))).delivered[0] == orders.delivered[0]  # noqa: DTZ001


def test_a_name_never_seen_has_the_number_behind_the_last() -> None:
    groups = read_groups(FRAME)
    assert groups.number("seller", np.array(["Ming", "?", "Nobody", "A"])).tolist() == [1, 0, 2, 2]
    assert groups.count("seller") == 3


def test_columns_that_are_absent_are_empty() -> None:
    orders = read_orders(FRAME, read_groups(FRAME))
    assert np.isnan(orders.figures).all()
    assert np.isnan(orders.handed_over).all()
