"""Closed receptacles go on the first departures that have room, and carrier and destination are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.codes import waybill
from entrepost.network.network import Network
from entrepost.operations.dispatching.consigning import (
    Consigned,
    Consigning,
    add_waybills,
    cancel_consignment,
    consign,
)
from entrepost.operations.dispatching.dispatches import cancel_dispatch, close_dispatch
from entrepost.operations.store import Store
from tests.operations.dispatching.station import CLERK, NETWORK, SERIES, assess, close, packed, station
from tests.operations.shop import LAMP_NO, MUG_NO
from tests.worlds import hub

DISPATCH = f"{SERIES}60001"


def dispatched(folder: Path, *bags: list[str], weight_g: int = 1_250) -> Store:
    """A closed dispatch on Saturday 10 January at noon; flights leave Tuesday and Friday at 12."""
    store = station(folder)
    packed(store, *(bags or ([LAMP_NO], [MUG_NO])))
    close(store, *(f"bag {number}" for number in range(1, len(bags or (1, 2)) + 1)), weight_g=weight_g)
    close_dispatch(store, NETWORK, CLERK, SERIES)
    return store


def given(store: Store, network: Network = NETWORK, **told: object) -> Consigned:
    return consign(store, network, CLERK, Consigning(**({"dispatch": DISPATCH} | told)))  # type: ignore[arg-type]


def small(capacity_kg: int) -> Network:
    return replace(NETWORK, departures=tuple(replace(each, capacity_kg=capacity_kg) for each in NETWORK.departures))


def test_a_dispatch_goes_with_the_next_flight_and_both_ends_are_told(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    (made,) = given(store).consignments
    assert (made.consignment.consignment_id, made.consignment.weight_g) == ("CNA000000001", 2_500)
    leg = made.legs[0]
    assert (leg.run, leg.arrives_at) == ("MU219-2 2026-01-13T12:00Z", datetime(2026, 1, 14, tzinfo=UTC))
    cardit, precon = made.messages
    assert (cardit.carrier, precon.office) == (leg.carrier, "DEFRAA")
    assert cardit.message.consignment.tendered.latest == datetime(2026, 1, 13, 10, tzinfo=UTC)
    assert made.findings == ()


def test_what_has_no_room_goes_with_the_flight_after(tmp_path: Path) -> None:
    store = dispatched(tmp_path, weight_g=1_500)
    made = given(store, small(2))
    runs = [each.legs[0].run for each in made.consignments]
    assert runs == ["MU219-2 2026-01-13T12:00Z", "MU219-5 2026-01-16T12:00Z"]
    assert [each.consignment.consignment_id for each in made.consignments] == ["CNA000000001", "CNA000000002"]


def test_what_no_departure_can_carry_stays_behind_and_is_told(tmp_path: Path) -> None:
    made = given(dispatched(tmp_path, weight_g=1_500), small(1))
    assert (made.consignments, [each.code for each in made.findings]) == ((), ["consignment_no_ride"] * 2)


def test_the_way_that_arrives_first_is_taken_directly_or_over_a_hub(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    direct = given(store, hub()).consignments[0].legs
    assert [(leg.origin, leg.destination, leg.departs_at) for leg in direct] == [
        ("CNSHAA", "DEFRAA", datetime(2026, 1, 11, 12, tzinfo=UTC))
    ]
    cancel_consignment(store, CLERK, "CNA000000001")
    flown = replace(hub(), departures=tuple(each for each in hub().departures if each.departure != "MU219-7"))
    assert [(leg.origin, leg.destination, leg.departs_at) for leg in given(store, flown).consignments[0].legs] == [
        ("CNSHAA", "AEDXBA", datetime(2026, 1, 12, 12, tzinfo=UTC)),
        ("AEDXBA", "DEFRAA", datetime(2026, 1, 13, 6, tzinfo=UTC)),
    ]


def test_rides_that_are_told_must_lead_there_on_a_day_on_which_they_leave(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    with pytest.raises(MisuseError, match="does not leave"):
        given(store, rides=(("MU219-5", date(2026, 1, 15)),))
    with pytest.raises(MisuseError, match="no departure"):
        given(store, rides=(("MU999", date(2026, 1, 16)),))
    (made,) = given(store, rides=(("MU219-5", date(2026, 1, 16)),), consignment_id="784-117").consignments
    assert (made.legs[0].run, made.consignment.consignment_id) == ("MU219-5 2026-01-16T12:00Z", "784-117")
    with pytest.raises(MissingRowError, match="every receptacle"):
        given(store)


def test_numbers_of_waybills_are_given_one_by_one_with_their_check_digit(tmp_path: Path) -> None:
    store = dispatched(tmp_path, weight_g=1_500)
    add_waybills(store, CLERK, "781", NETWORK.departures[0].carrier, 1_234_567, 1_234_567)
    first, second = given(store, small(2)).consignments
    assert (first.consignment.waybill, second.consignment.waybill) == ("78112345675", "")
    assert waybill.check(first.consignment.waybill) == []


def test_a_cancelled_consignment_gives_its_room_back_and_its_bags_may_go_again(tmp_path: Path) -> None:
    store = dispatched(tmp_path, weight_g=1_500)
    given(store, small(3))
    with pytest.raises(MisuseError, match="cancel its consignment first"):
        cancel_dispatch(store, NETWORK, CLERK, DISPATCH)
    gone = cancel_consignment(store, CLERK, "CNA000000001")
    assert [each.message.function for each in gone.messages] == ["cancel", "cancel"]
    (again,) = given(store, small(3)).consignments
    assert (again.consignment.consignment_id, again.legs[0].run) == ("CNA000000002", "MU219-2 2026-01-13T12:00Z")


def test_a_bag_with_an_item_that_must_not_be_loaded_stays_behind(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    assess(store, MUG_NO, answer="DNL")
    made = given(store)
    assert [each.items for each in made.consignments[0].receptacles] == [1]
    assert [each.code for each in made.findings] == ["consignment_item_forbidden"]


def test_only_what_is_closed_is_consigned(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO])
    bag = close(store).receptacles[0]
    with pytest.raises(MissingRowError, match="only a closed one"):
        given(store)
    with pytest.raises(MissingRowError, match="of a closed dispatch"):
        given(store, dispatch="", receptacle_ids=(bag.receptacle_id,))
    with pytest.raises(MisuseError, match="what is to be consigned"):
        Consigning()
