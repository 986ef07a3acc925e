"""What PRECON and CARDIT have in common: the same consignment in a constructed sample, told by two messages."""

from __future__ import annotations

from types import ModuleType

from entrepost.mail.consignment import check_consignment
from tests.messages.letters import ZONES, address, without_layout

SAMPLE_ZONES = {**ZONES, "US101": "America/New_York", "KL01": "Europe/Amsterdam"}


def require_read_and_written_as_it_was(door: ModuleType, data: bytes) -> None:
    """The sample gives its consignment without a finding, and is written as it came."""
    received = door.read(data, SAMPLE_ZONES)
    assert received.findings == ()
    assert without_layout(door.write(received.messages, address(data), SAMPLE_ZONES)) == without_layout(data)
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


def require_wrong_totals_told(door: ModuleType, data: bytes) -> None:
    """Totals that are not those of the receptacles are told, and lose nothing."""
    received = door.read(data.replace(b"EQN+3", b"EQN+4").replace(b"CNT+11:3", b"CNT+11:2"), SAMPLE_ZONES)
    assert {finding.code for finding in received.findings} == {"message_count_differs", "message_content_unsound"}
    assert len(received.messages) == 1
