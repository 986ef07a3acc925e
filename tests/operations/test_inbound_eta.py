"""An item that another operator announced is expected by all ways of its lane, or not at all where none is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from entrepost.journey.under_way.single import Forecaster
from entrepost.operations.inbound_eta import LANE, WORDS, list_ways
from entrepost.operations.track import Tracked, track
from entrepost.operations.track_eta import Expected, expect
from tests.messages.advance import LAMP
from tests.operations.exchanging.inbound import advise, take
from tests.operations.shop import store_in
from tests.operations.test_track_eta import TUESDAY, accepted
from tests.worlds import two_offices

NETWORK = two_offices()


def announced(folder: Path) -> Tracked:
    """The lamp, as advance data announced it."""
    store = store_in(folder)
    take(store, advise(LAMP))
    return track(store, LAMP.item_id)


def expected(item: Tracked, now: datetime = TUESDAY) -> Expected | None:
    return expect(Forecaster(NETWORK), item, now)


def test_on_a_lane_with_one_way_it_is_expected_as_an_item_of_that_way_is(tmp_path: Path) -> None:
    (way,) = list_ways(NETWORK, LAMP.item_id, "CNA", "DE")
    assert (way.service, way.route) == ("PACKET", "CNSHAA>DEFRAA")
    store, own = accepted(tmp_path, NETWORK)
    mine = track(store, own)
    known = expected(mine)
    found = expected(replace(mine, operator="CNA", promise=None))
    assert known is not None
    assert found is not None
    assert (found.from_, found.likely, found.to) == (known.from_, known.likely, known.to)
    assert (found.basis, found.words, found.promise_probability) == (LANE, WORDS, None)


def test_where_the_network_knows_no_way_nothing_is_said(tmp_path: Path) -> None:
    item = announced(tmp_path)
    assert expected(item) is not None
    assert expected(replace(item, origin="FRA")) is None
    assert expected(replace(item, country="US")) is None
    assert expected(replace(item, item_id="EE000000005CN")) is None, "no EMS goes there"


def test_what_was_delivered_is_not_expected(tmp_path: Path) -> None:
    item = replace(announced(tmp_path), wait_ended_at=datetime(2026, 1, 6, tzinfo=UTC))
    assert expected(item) is None
