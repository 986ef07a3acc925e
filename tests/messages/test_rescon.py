"""The destination answers which receptacles a carrier delivered."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.messages import rescon
from entrepost.messages.rescon import Rescon
from tests.messages.letters import ENVELOPE, ZONES, address, rescons, without_layout

SAMPLE_ZONES = {**ZONES, "US101": "America/New_York", "KL01": "Europe/Amsterdam"}


@given(rescons())
@settings(max_examples=30)
def test_what_is_written_is_read(message: Rescon) -> None:
    received = rescon.read(rescon.write([message], ENVELOPE, ZONES), ZONES)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/rescon_v1_1_profile.edi").read_bytes()
    received = rescon.read(data, SAMPLE_ZONES)
    assert received.findings == ()
    assert without_layout(rescon.write(received.messages, address(data), SAMPLE_ZONES)) == without_layout(data)
    (message,) = received.messages
    assert {each.status for each in message.reports} == {"delivered"}
    assert message.consignment_id == "NLA000012345"
    assert message.sent_at.isoformat() == "2026-11-22T03:10:00-05:00"


@pytest.mark.shared
def test_of_a_sender_whose_zone_is_not_known_the_clock_is_taken_for_utc(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/rescon_v1_1_profile.edi").read_bytes()
    received = rescon.read(data, ZONES)
    assert [(finding.code, finding.level) for finding in received.findings] == [("message_zone_unknown", "warning")]
    assert received.messages[0].sent_at.isoformat() == "2026-11-22T03:10:00+00:00"
