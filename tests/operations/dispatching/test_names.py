"""Names stand in the order of time, and offices have their own clocks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.dispatching.names import (
    BEHIND,
    name_consignment,
    name_dispatch,
    name_receptacle,
    offset_of,
    to_local,
    with_offset,
    year_in,
    year_of,
)
from tests.operations.dispatching.station import NETWORK, SERIES

NIGHT = datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_a_dispatch_of_the_next_year_stands_behind_all_of_this_one() -> None:
    last, first = name_dispatch("out", f"{SERIES}69999", 2026), name_dispatch("out", f"{SERIES}70001", 2027)
    assert last < name_receptacle(last, 999) < first < f"out {SERIES} {BEHIND}"
    assert (year_in(last), year_in(name_receptacle(first, 1))) == (2026, 2027)


def test_the_year_of_a_number_is_the_latest_that_it_can_be() -> None:
    assert year_of(f"{SERIES}60001", NIGHT) == 2026
    assert year_of(f"{SERIES}70001", NIGHT) == 2027
    assert name_consignment("in", "784-117", 2026, "CNSHAA") == "in 784-117 2026 CNSHAA"


def test_an_instant_comes_back_with_the_offset_that_was_written_down() -> None:
    local = datetime.fromisoformat("2026-03-02T18:00:00+05:30")
    assert with_offset(local.astimezone(UTC), offset_of(local)) == local
    assert offset_of(with_offset(NIGHT, 330)) == 330


def test_an_office_that_the_network_does_not_know_has_no_clock() -> None:
    assert to_local(NETWORK, "DEFRAA", NIGHT) == NIGHT
    with pytest.raises(MisuseError, match="knows its clock"):
        to_local(NETWORK, "BRGRUA", NIGHT)
