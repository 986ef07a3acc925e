"""A carrier tells what it does with a consignment."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.messages import resdit
from entrepost.messages.resdit import Resdit
from tests.messages.letters import ENVELOPE, ZONES, address, resdits, without_layout

SAMPLE_ZONES = {**ZONES, "US101": "America/New_York", "KL01": "Europe/Amsterdam"}


@given(resdits())
@settings(max_examples=30)
def test_what_is_written_is_read(message: Resdit) -> None:
    received = resdit.read(resdit.write([message], ENVELOPE, ZONES), ZONES)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/resdit_v1_1_profile.edi").read_bytes()
    received = resdit.read(data, SAMPLE_ZONES)
    assert received.findings == ()
    assert without_layout(resdit.write(received.messages, address(data), SAMPLE_ZONES)) == without_layout(data)
    assert [each.reports[0].status for each in received.messages] == ["received", "booked", "departed", "delivered"]
    report = received.messages[3].reports[0]
    assert (report.place, report.time.isoformat()) == ("JFK", "2026-11-22T02:05:00-05:00")
    assert len(report.receptacle_ids) == 3
    assert report.leg is not None
    assert (report.leg.trip, report.leg.departs_at) == ("KL0641", None)
