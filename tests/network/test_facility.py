"""Work lasts as long as its three figures say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.duration import Duration
from entrepost.network.facility import distance_km
from tests.worlds import two_offices


def test_acceptance_at_shanghai_takes_two_hours() -> None:
    assert two_offices().processing[1].duration == Duration(2.0, 2.0, 2.0)


def test_the_duration_of_work_has_its_three_figures_in_order() -> None:
    row = replace(two_offices().processing[1], hours_min=1.0, hours_p50=2.5, hours_p90=7.0)
    assert row.duration == Duration(hours_min=1.0, hours_p50=2.5, hours_p90=7.0)


def test_a_row_of_work_whose_figures_do_not_ascend_has_no_duration() -> None:
    row = replace(two_offices().processing[1], hours_p50=99.0)
    with pytest.raises(MisuseError, match="hours_p50"):
        _ = row.duration


def test_distances_are_great_circles() -> None:
    places = {each.facility: each for each in two_offices().facilities}
    assert distance_km(places["CNSHAA"], places["DEFRAA"]) == pytest.approx(8_860, rel=0.01)
