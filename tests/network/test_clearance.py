"""A customs channel lasts as long as its three figures say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.duration import Duration
from tests.worlds import two_offices


def test_customs_at_frankfurt_take_six_hours() -> None:
    assert two_offices().clearance[1].duration == Duration(6.0, 6.0, 6.0)


def test_the_duration_of_a_channel_has_its_three_figures_in_order() -> None:
    row = replace(two_offices().clearance[1], hours_min=1.0, hours_p50=2.5, hours_p90=7.0)
    assert row.duration == Duration(hours_min=1.0, hours_p50=2.5, hours_p90=7.0)


def test_a_channel_whose_figures_do_not_ascend_has_no_duration() -> None:
    row = replace(two_offices().clearance[1], hours_p50=99.0)
    with pytest.raises(MisuseError, match="hours_p50"):
        _ = row.duration
