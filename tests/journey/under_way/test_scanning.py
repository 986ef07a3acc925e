"""Missed scans and late reports are learned from what lies between other scans."""

from __future__ import annotations

import pytest

from entrepost.journey.eta import forecast
from entrepost.journey.under_way.params import EtaParams
from tests.journey.under_way_scenes import SEED, SILENT, at, difficult_offices, simulate_items

MANY_SCANS = 3_000


def test_the_shares_and_delays_of_a_world_are_found_again() -> None:
    network = difficult_offices()
    events = simulate_items(network, MANY_SCANS)
    found = forecast(network, events, at(24 * 30), EtaParams(faith=5)).scanning
    for place, code in (("CNSHAA", "EMA"), ("CNSHAA", "EMC"), ("DEFRAA", "EDB"), ("DEFRAA", "EMF"), ("DEFRAA", "EMG")):
        assert found.find_unscanned(place, code) == pytest.approx(SILENT.draw_unscanned(SEED, place, code), abs=0.04)
    for place in ("CNSHAA", "DEFRAA"):
        assert found.find_report_hours(place) == pytest.approx(SILENT.draw_report_hours(SEED, place), rel=0.15)


def test_little_history_says_little() -> None:
    network = difficult_offices()
    found = forecast(network, simulate_items(network, 2), at(24 * 30)).scanning
    assert all(abs(share - 0.05) < 0.05 for (_, code), share in found.unscanned.items() if code != "EMI")
