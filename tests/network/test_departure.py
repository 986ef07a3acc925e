"""A flight lasts as long as its three figures say, whatever its cutoff is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.duration import Duration
from tests.worlds import two_offices


def test_the_flight_to_frankfurt_takes_twelve_hours() -> None:
    assert two_offices().departures[0].duration == Duration(12.0, 12.0, 12.0)


def test_the_duration_of_a_flight_has_its_three_figures_in_order() -> None:
    row = replace(two_offices().departures[0], hours_min=1.0, hours_p50=2.5, hours_p90=7.0)
    assert row.duration == Duration(hours_min=1.0, hours_p50=2.5, hours_p90=7.0)


def test_a_flight_whose_figures_do_not_ascend_has_no_duration() -> None:
    row = replace(two_offices().departures[0], hours_p50=99.0)
    with pytest.raises(MisuseError, match="hours_p50"):
        _ = row.duration
