"""Messages are made from what is kept, a document for each, and events in parcels of five hundred."""

from __future__ import annotations

from dataclasses import replace

from entrepost.mail.dispatch import Dispatch
from entrepost.operations.dispatching.telling import tell_consignment, tell_dispatch, tell_leaving
from tests.mail.bags import CLOSED, PACKET, two_bags, two_flights


def full() -> Dispatch:
    """Two bags, of which the second holds 501 items of one number: only their count matters here."""
    made = two_bags()
    bag = replace(made.receptacles[1], item_ids=(PACKET,) * 501)
    return replace(made, receptacles=(made.receptacles[0], bag))


def test_a_second_version_replaces_the_first_by_whose_document_it_is_known() -> None:
    first, second = (tell_dispatch(two_bags(), version).message for version in (1, 2))
    assert [(each.document, each.function) for each in (first, second)] == [
        ("NLHAGIUSJFKAAUN60017", "original"),
        ("NLHAGIUSJFKAAUN60017", "replace"),
    ]


def test_five_hundred_events_go_in_one_message_and_the_rest_in_the_next() -> None:
    told = tell_leaving(full(), CLOSED)
    assert [len(each.message.reports) for each in told] == [500, 1]
    assert {each.office for each in told} == {"USJFKA"}
    assert len({each.message.document for each in told}) == 2


def test_a_consignment_is_told_to_its_carrier_and_to_its_destination() -> None:
    cardit, precon = tell_consignment(two_flights(), ("NLHAGI", "USJFKA"), 1)
    assert (cardit.carrier, cardit.office, precon.office) == ("BA", "", "USJFKA")
    assert (cardit.message.origin, precon.message.destination) == ("NLHAGI", "USJFKA")
