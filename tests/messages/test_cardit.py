"""A carrier learns what it is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.mail.consignment import check_consignment
from entrepost.messages import cardit
from entrepost.messages.cardit import Cardit
from tests.messages.letters import ENVELOPE, ZONES, address, consigned, without_layout

SAMPLE_ZONES = {**ZONES, "US101": "America/New_York", "KL01": "Europe/Amsterdam"}


@given(consigned(Cardit))
@settings(max_examples=25)
def test_what_is_written_is_read(message: Cardit) -> None:
    received = cardit.read(cardit.write([message], ENVELOPE, ZONES), ZONES)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/cardit_v2_1_profile.edi").read_bytes()
    received = cardit.read(data, SAMPLE_ZONES)
    assert received.findings == ()
    assert without_layout(cardit.write(received.messages, address(data), SAMPLE_ZONES)) == without_layout(data)
    (message,) = received.messages
    given = message.consignment
    assert (given.consignment_id, given.waybill, given.weight_g) == ("NLA000012345", "07412345675", 52_400)
    assert [unit.unit_id for unit in given.units] == ["AKE12345KL"]
    (leg,) = given.legs
    assert (leg.trip, leg.origin, leg.destination) == ("KL0641", "AMS", "JFK")
    assert leg.departs_at is not None
    assert leg.arrives_at is not None
    assert (leg.departs_at.isoformat(), leg.arrives_at.isoformat()) == (
        "2026-11-21T22:30:00+01:00",
        "2026-11-22T00:35:00-05:00",
    )
    assert check_consignment(given) == []


@pytest.mark.shared
def test_totals_that_are_not_those_of_the_receptacles_are_told(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/cardit_v2_1_profile.edi").read_bytes()
    received = cardit.read(data.replace(b"EQN+3", b"EQN+4").replace(b"CNT+11:3", b"CNT+11:2"), SAMPLE_ZONES)
    assert {finding.code for finding in received.findings} == {"message_count_differs", "message_content_unsound"}
    assert len(received.messages) == 1
