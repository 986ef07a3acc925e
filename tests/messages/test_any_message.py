"""What bytes say they are decides how they are read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import IncomingMessageError, MisuseError
from entrepost.messages import any_message, itmatt, plain
from entrepost.messages.cardit import Cardit
from entrepost.messages.edifact import Envelope
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.predes import Predes
from tests.mail.bags import two_flights
from tests.messages.letters import ENVELOPE, SMALL, ZONES, consigned, dispatches, emsevts


@given(emsevts(), dispatches(), consigned(Cardit))
@settings(max_examples=15)
def test_an_interchange_may_hold_several_types(events: Emsevt, dispatch: Predes, consignment: Cardit) -> None:
    data = any_message.write([dispatch, events, consignment], ENVELOPE, ZONES)
    received = any_message.read(data, ZONES)
    assert set(map(type, received.messages)) == {Emsevt, Predes, Cardit}
    assert events in received.messages
    assert (received.sender.sender, received.sender.reference) == (ENVELOPE.sender, ENVELOPE.reference)
    assert {finding.level for finding in received.findings} <= {"warning"}


@given(st.sampled_from(["xml", "plain"]))
@settings(max_examples=2)
def test_documents_are_known_by_their_beginning(form: str) -> None:
    data = itmatt.write(SMALL) if form == "xml" else plain.write(SMALL)
    assert any_message.read(b"\n" + data).messages == (SMALL,)


def test_a_type_that_nobody_knows_is_a_finding_and_loses_no_other() -> None:
    message = Emsevt("D1", SMALL.data.posted_at, (), office="NLHAGI")
    data = any_message.write([message, message], ENVELOPE, ZONES).replace(b"UNH+2+EMSEVT", b"UNH+2+IFTMIN")
    received = any_message.read(data, ZONES)
    assert len(received.messages) == 1
    assert [finding.code for finding in received.findings] == ["message_type_unexpected"]


@pytest.mark.parametrize("data", [b"<hello/>", b"hello", b"", b"{}", b"<"])
def test_what_is_none_of_these_is_refused(data: bytes) -> None:
    with pytest.raises(IncomingMessageError):
        any_message.read(data)


@pytest.mark.parametrize("envelope", [None, ENVELOPE])
def test_a_document_stands_alone_and_edifact_in_an_envelope(envelope: Envelope | None) -> None:
    assert any_message.write([SMALL], envelope).startswith(b"<?xml")
    with pytest.raises(MisuseError):
        any_message.write([SMALL, SMALL], envelope)
    with pytest.raises(MisuseError):
        any_message.write([Emsevt("D1", SMALL.data.posted_at, ())])


def test_an_envelope_has_the_character_set_and_application_of_the_profile() -> None:
    event = Emsevt("D1", SMALL.data.posted_at, ())
    names = ("NL101", "US101")
    one = any_message.address([event, event], names, "R1", SMALL.data.posted_at)
    assert (one.application, one.syntax, one.version) == ("EMSEVT", "UNOC", 3)
    carried = Cardit("D1", two_flights(), "NLHAGI", "USJFKA")
    lettered = any_message.address([carried], names, "R1", SMALL.data.posted_at)
    assert (lettered.application, lettered.syntax, lettered.version) == ("CARDIT", "UNOA", 1)
    mixed = any_message.address([event, carried], names, "R1", SMALL.data.posted_at)
    assert (mixed.application, mixed.syntax, mixed.version) == ("", "UNOC", 3)
    zones = {**ZONES, "LHR": "Europe/London"}
    assert any_message.read(any_message.write([carried], lettered, zones), zones).messages == (carried,)
