"""Curves of loss never fall, and stretches add up to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.experience.curve import Curve, ramps

STEPPED = Curve((0, 2, 6), (0.5, 0.7, 1.5))


def test_nothing_is_lost_at_no_days_and_the_step_as_soon_as_there_are_any() -> None:
    assert STEPPED.at(np.array([-3.0, 0.0, 1e-9])).tolist() == pytest.approx([0.0, 0.0, 0.5])


def test_between_two_days_the_loss_is_straight_and_after_the_last_it_stays() -> None:
    assert STEPPED.at(np.array([1.0, 2.0, 4.0, 6.0, 400.0])).tolist() == pytest.approx([0.6, 0.7, 1.1, 1.5, 1.5])


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_stretches_times_increments_are_the_curve(days: list[float]) -> None:
    waits = np.array(days)
    stepped = ramps(waits, STEPPED.days, stepped=True) @ np.diff(STEPPED.losses, prepend=0.0)
    assert stepped.tolist() == pytest.approx(STEPPED.at(waits).tolist())
    plain = Curve((0, 2, 6), (0.0, 0.2, 1.0))
    assert (ramps(waits, plain.days, stepped=False) @ np.diff(plain.losses)).tolist() == pytest.approx(
        plain.at(waits).tolist()
    )


@pytest.mark.parametrize(
    ("days", "losses", "errors"),
    [
        ((), (), ()),
        ((0, 1), (0.0,), ()),
        ((0, 1), (0.0, 0.1), (0.1,)),
        ((0, 0), (0.0, 0.1), ()),
        ((-1, 1), (0.0, 0.1), ()),
        ((0, 1), (0.2, 0.1), ()),
        ((0, 1), (-0.1, 0.1), ()),
        ((0, 1), (0.0, float("nan")), ()),
    ],
)
def test_a_curve_that_falls_or_lacks_figures_is_refused(
    days: tuple[float, ...], losses: tuple[float, ...], errors: tuple[float, ...]
) -> None:
    with pytest.raises(MisuseError, match="curve"):
        Curve(days, losses, errors)
