"""What is told about an assessment comes as it was told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.messages import refitm
from entrepost.messages.refitm import Refitm
from tests.messages.letters import bare, refitms


@given(refitms)
@settings(max_examples=25)
@pytest.mark.parametrize("syntax", ["xml", "json"])
def test_what_is_written_is_read(syntax: str, message: Refitm) -> None:
    received = refitm.read(refitm.write(message, syntax=syntax), syntax=syntax)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    given_ = json.loads(
        (shared / "postal/samples/constructed/placi_referral_canonical.json").read_text(encoding="utf-8")
    )
    received = refitm.read(json.dumps(given_).encode(), syntax="json")
    assert received.findings == ()
    (message,) = received.messages
    assert bare(json.loads(refitm.write(message, syntax="json"))) == {"referral": given_}
    assert [each.message for each in message.referrals] == ["RFI", "ANSWER", "AC"]
    assert message.referrals[1].corrected == ("contentPieces[0].description",)
