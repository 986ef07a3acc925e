"""A duration is three figures that ascend."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.duration import Duration


def test_a_duration_may_be_fixed() -> None:
    assert Duration(4.0, 4.0, 4.0).hours_p50 == 4.0


def test_scaling_multiplies_every_figure() -> None:
    assert Duration(1.0, 2.0, 4.0).scaled(1.5) == Duration(1.5, 3.0, 6.0)


@pytest.mark.parametrize("hours", [(-1.0, 2.0, 4.0), (3.0, 2.0, 4.0), (1.0, 5.0, 4.0), (float("nan"), 2.0, 4.0)])
def test_figures_that_do_not_ascend_are_refused(hours: tuple[float, float, float]) -> None:
    with pytest.raises(MisuseError, match="hours_min <= hours_p50 <= hours_p90"):
        Duration(*hours)
