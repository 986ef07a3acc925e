"""A dispatch comes to its destination as it was closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.messages import predes
from entrepost.messages.predes import Predes
from tests.messages.letters import ENVELOPE, ZONES, address, dispatches, without_layout

SAMPLE_ZONES = {**ZONES, "US101": "America/New_York", "KL01": "Europe/Amsterdam"}


@given(dispatches())
@settings(max_examples=30)
def test_what_is_written_is_read(message: Predes) -> None:
    received = predes.read(predes.write([message], ENVELOPE, ZONES), ZONES)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/predes_v2_1_profile.edi").read_bytes()
    received = predes.read(data, SAMPLE_ZONES)
    assert received.findings == ()
    assert without_layout(predes.write(received.messages, address(data), SAMPLE_ZONES)) == without_layout(data)
    (message,) = received.messages
    held = message.dispatch.receptacles
    assert [each.item_ids for each in held] == [("LX261122017NL",), ("RR261122025NL",), ("UA261122034NL",)]
    assert [each.weight_g for each in held] == [12_500, 9_800, 30_100]
    assert message.dispatch.closed_at.isoformat() == "2026-11-21T18:15:00+01:00"
    (leg,) = message.dispatch.legs
    assert leg.departs_at is not None
    assert (leg.trip, leg.departs_at.isoformat(), leg.arrives_at) == ("KL0641", "2026-11-21T22:30:00+01:00", None)


@pytest.mark.shared
def test_a_receptacle_that_cannot_be_is_a_finding_and_the_others_stay(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/predes_v2_1_profile.edi").read_bytes()
    received = predes.read(data.replace(b"0017002010098", b"00170020100XX"), SAMPLE_ZONES)
    (finding,) = received.findings
    assert (finding.code, finding.row) == ("message_content_unsound", 19)
    assert data[finding.offset :].startswith(b"GID+2")  # type: ignore[attr-defined]
    assert [each.serial for each in received.messages[0].dispatch.receptacles] == [1, 3]


@pytest.mark.shared
def test_an_office_that_the_identifier_does_not_name_is_told(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/predes_v2_1_profile.edi").read_bytes()
    (finding,) = predes.read(data.replace(b"LOC+85+USJFKA", b"LOC+85+USLAXA"), SAMPLE_ZONES).findings
    assert (finding.code, finding.level) == ("message_content_unsound", "warning")
    assert "USLAXA" in finding.message
