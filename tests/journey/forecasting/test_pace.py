"""The pace of the last days: completions over those expected of all that was under way."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.forecast import _measure
from entrepost.journey.forecasting.orders import read_groups, read_orders, to_days
from entrepost.journey.forecasting.view import View, learn_view
from tests.journey.order_book import AS_OF, book

RATIO_21, PACE_14 = 1, 4


def view(slower: float) -> View:
    histories = book(slower=slower)
    groups = read_groups(histories)
    return learn_view(read_orders(histories, groups), to_days(AS_OF), _measure(groups))


def test_an_even_pace_is_about_nought() -> None:
    assert view(1.0).paces[0].everywhere == pytest.approx(np.zeros(6), abs=0.15)


def test_slower_weeks_show_as_longer_waits_and_fewer_completions() -> None:
    found = view(1.5).paces[0].everywhere
    assert found[RATIO_21] > 0.02
    assert found[PACE_14] < -0.1
