"""A service's way along a route becomes stages, each ending with the scans that tell of it."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.base.clock import day_hour
from entrepost.journey.calendars import dated_timeline
from entrepost.journey.discretise import discretise
from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.course import STRAY, CourseTables, widen
from entrepost.journey.under_way.params import EtaParams, Scanning
from entrepost.journey.under_way.tables import CLEAR, DEPART, PASS, TRAVEL, WORK
from entrepost.network.duration import Duration
from entrepost.network.network import Network
from tests.worlds import MONDAY, hub, one_warehouse, two_offices


def tables_of(network: Network) -> CourseTables:
    """The tables of four weeks from Monday with one path and its last mile."""
    monday = day_hour(MONDAY.date())
    tables = CourseTables(dated_timeline(network, monday, monday, 27 * 24))
    tables.add_path("PACKET", "CNSHAA>DEFRAA")
    tables.add_last_mile("PACKET", "DEFRAA", "DE")
    return tables


def test_a_direct_route_has_a_stage_for_each_scan() -> None:
    tables = tables_of(two_offices())
    stages = tables.pack().stages
    assert [name for name, _ in tables.names] == [
        *("prepare", "accept", "outward", "export", "departure", "ride", "inward", "import")
    ]
    assert stages["kind"].tolist() == [WORK, WORK, WORK, CLEAR, DEPART, TRAVEL, WORK, CLEAR]
    assert [CODES[code] for code in stages["code"]] == ["EMA", "EMB", "EXA", "EXC", "EMC", "EMD", "EDB", "EMF"]
    assert CODES[stages["also"][-1]] == "EDC", "import customs tell of it twice"


def test_a_hub_has_a_stage_that_nobody_scans() -> None:
    tables = tables_of(hub())
    path = tables.add_path("PACKET", "CNSHAA>AEDXBA>DEFRAA")
    course = tables.pack()
    rows = range(course.first[path], course.first[path + 1])
    assert [tables.names[row] for row in rows][5:8] == [
        ("ride", "CNSHAA"),
        ("transit", "AEDXBA"),
        ("departure", "AEDXBA"),
    ]
    assert [course.stages[row]["code"] for row in rows][6] == -1


def test_stock_is_picked_and_a_step_without_a_row_takes_no_time() -> None:
    tables = tables_of(one_warehouse())
    path = tables.add_path("LOCAL", "DEFRAW")
    course = tables.pack()
    assert [tables.names[row][0] for row in range(course.first[path], course.first[path + 1])] == ["pick"]
    bare = tables_of(Network(**{**vars_of(two_offices()), "clearance": ()}))
    assert bare.pack().stages["kind"].tolist()[3] == PASS


def test_what_the_network_does_not_have_has_no_number() -> None:
    tables = tables_of(two_offices())
    assert tables.add_path("PACKET", "CNSHAA>FRPARA") == -1
    assert tables.add_path("PIGEON", "CNSHAA>DEFRAA") == -1
    assert tables.add_last_mile("PACKET", "DEFRAA", "FR") == -1
    assert tables.pack().first.tolist() == [0, 8], "and leaves no stages behind"
    assert tables.add_path("PACKET", "CNSHAA>DEFRAA") == 0


def test_a_scan_that_is_not_known_of_was_missed_or_comes_late() -> None:
    tables = tables_of(two_offices())
    course = tables.with_scanning(Scanning(EtaParams(report_hours=10.0), {("CNSHAA", "EMA"): 0.2}))
    lags = course.lags[course.stages["scan"][0]]
    assert lags[0] == pytest.approx(0.2 + 0.8 * np.exp(-0.05))
    assert lags[-1] == pytest.approx(0.2)
    twice = course.lags[course.stages["scan"][-1]]
    assert twice[-1] == pytest.approx(0.05**2), "both scans of import customs were missed"


def test_a_widened_duration_keeps_its_shape_and_has_a_long_tail() -> None:
    usual = Duration(4, 8, 20)
    wide, narrow = widen(usual, 1.0), discretise(usual)
    assert wide.sum() == pytest.approx(1)
    assert (wide[: narrow.size] >= (1 - STRAY) * narrow).all()
    assert wide.size > 90 * 24
    assert (wide[1:] > 0).all()


def vars_of(network: Network) -> dict[str, object]:
    return {name: getattr(network, name) for name in network.__dataclass_fields__}
