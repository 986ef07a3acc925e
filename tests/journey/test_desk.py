"""The desk follows openings up to the runs they leave with, and runs from there on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from entrepost.journey.calendars import ordinary_timeline
from entrepost.journey.desk import Desk, desk_of, split
from entrepost.journey.distribution import WEEK_STARTS
from entrepost.journey.itinerary import build_itinerary
from entrepost.journey.step import Itinerary, Ride
from entrepost.network.network import Network
from tests.worlds import hub, one_warehouse, two_offices

HORIZON = 60 * 24


def desk(network: Network) -> Desk:
    return desk_of(ordinary_timeline(network, HORIZON), WEEK_STARTS)


def steps(network: Network, service: str, *facilities: str) -> Itinerary:
    return build_itinerary(network, service, facilities, "DE")


def test_an_itinerary_is_split_in_front_of_its_last_ride_and_its_last_mile() -> None:
    parts = split(steps(hub(), "PACKET", "CNSHAA", "AEDXBA", "DEFRAA"))
    assert [step.name for step in parts.before][-2:] == ["ride", "transit"]
    assert [step.name for step in parts.behind] == ["ride", "inward", "import"]
    assert parts.last_mile.name == "deliver"
    stock = split(steps(one_warehouse(), "LOCAL", "DEFRAW"))
    assert (stock.before, [step.name for step in stock.behind]) == ((), ["pick"])


def test_starts_wait_for_the_opening_of_their_first_work() -> None:
    base = two_offices()
    by_day = (replace(base.processing[0], open_hours="Mo-Fr 08-18"), *base.processing[1:])
    closed = replace(base, processing=by_day)
    openings = desk(closed).openings(steps(closed, "PACKET", "CNSHAA", "DEFRAA"), WEEK_STARTS)
    friday_evening = 4 * 24 + 18
    assert openings[:9].tolist() == [8] * 9
    assert openings[9] == 9
    assert openings[friday_evening] == friday_evening + 62, "until Monday, 08:00"
    assert np.unique(openings).size == 5 * 10 + 1, "each open hour, and the Monday after"


def test_who_waits_for_a_later_ride_is_ready_when_the_first_has_brought_him() -> None:
    parts = split(steps(hub(), "PACKET", "CNSHAA", "AEDXBA", "DEFRAA"))
    openings = np.array([0, 1], np.int32)
    (rows,) = desk(hub()).ready(parts.before, openings)
    alone = desk(hub()).engines[0]
    followed, _ = alone.push_all(alone.start(openings), parts.before)
    assert [np.flatnonzero(row).tolist() for row in rows] == [
        (np.flatnonzero(row) - opening).tolist() for row, opening in zip(followed, openings, strict=True)
    ]


def test_in_the_ordinary_week_the_runs_of_all_weeks_are_those_of_one() -> None:
    parts = split(steps(two_offices(), "PACKET", "CNSHAA", "DEFRAA"))
    ride = parts.behind[0]
    assert isinstance(ride, Ride)
    here = desk(two_offices())
    runs = here.engines[0].runs(ride)
    (found,) = here.futures(parts.behind, [np.arange(6, dtype=np.int32)])
    assert runs.cutoff[2] == runs.cutoff[0] + 168, "two flights a week"
    assert found.future[:6].tolist() == [0, 1, 0, 1, 0, 1]
    assert found.weeks[:6].tolist() == [0, 0, 1, 1, 2, 2]
    assert len(found.cleared[0]) == 2


def test_from_stock_every_hour_is_a_run_and_goes_on_at_once() -> None:
    parts = split(steps(one_warehouse(), "LOCAL", "DEFRAW"))
    here, openings = desk(one_warehouse()), np.array([0, 1, 7], np.int32)
    (boarded,) = here.board(parts.behind, openings, here.ready(parts.before, openings))
    first, hours, shares = boarded
    assert (first.tolist(), hours.tolist(), shares.tolist()) == ([0, 1, 2, 3], [0, 1, 7], [1, 1, 1])
    (found,) = here.futures(parts.behind, [hours])
    rows, _ = found.cleared
    assert [np.flatnonzero(rows[found.future[hour]]).tolist() for hour in (0, 1, 7)] == [[2], [3], [9]]


def test_the_weights_of_an_opening_are_what_is_not_lost_before_the_ride() -> None:
    base = two_offices()
    lossy = replace(base, processing=tuple(replace(row, lost_per_million=100_000) for row in base.processing))
    parts = split(steps(lossy, "PACKET", "CNSHAA", "DEFRAA"))
    here, openings = desk(lossy), np.arange(3, dtype=np.int32)
    (boarded,) = here.board(parts.behind, openings, here.ready(parts.before, openings))
    works = sum(step.name in ("prepare", "accept", "outward") for step in parts.before)
    assert boarded[2] == pytest.approx([0.9**works] * 3)
