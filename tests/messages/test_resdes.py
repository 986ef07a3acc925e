"""The destination answers which receptacles came."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.messages import resdes
from entrepost.messages.resdes import Resdes
from tests.messages import letters
from tests.messages.letters import ENVELOPE, ZONES, address, without_layout

SAMPLE_ZONES = {**ZONES, "US101": "America/New_York", "KL01": "Europe/Amsterdam"}


@given(letters.resdes())
@settings(max_examples=30)
def test_what_is_written_is_read(message: Resdes) -> None:
    received = resdes.read(resdes.write([message], ENVELOPE, ZONES), ZONES)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/resdes_v1_1_profile.edi").read_bytes()
    received = resdes.read(data, SAMPLE_ZONES)
    assert received.findings == ()
    assert without_layout(resdes.write(received.messages, address(data), SAMPLE_ZONES)) == without_layout(data)
    (message,) = received.messages
    assert [each.status for each in message.reports] == ["received", "received", "not_found"]
    assert message.reports[2].receptacle_ids == ("NLHAGIUSJFKAAUN60017003100301",)
    assert message.sent_at.isoformat() == "2026-11-23T10:05:00-05:00"
