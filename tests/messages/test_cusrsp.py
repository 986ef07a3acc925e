"""What customs decide comes as it was decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.mail.advance_data import Amount
from entrepost.messages import cusrsp
from entrepost.messages.cusrsp import Cusrsp
from tests.messages.letters import bare, cusrsps, sample


@given(cusrsps)
@settings(max_examples=25)
@pytest.mark.parametrize("syntax", ["xml", "json"])
def test_what_is_written_is_read(syntax: str, message: Cusrsp) -> None:
    received = cusrsp.read(cusrsp.write(message, syntax=syntax), syntax=syntax)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    given_ = sample(shared, "cusitm_cusrsp")["cusrsp"]
    received = cusrsp.read(json.dumps(given_).encode(), syntax="json")
    assert received.findings == ()
    (message,) = received.messages
    assert bare(json.loads(cusrsp.write(message, syntax="json"))) == {"cusrsp": given_}
    assert [each.decision for each in message.responses] == ["ACK", "HOLD_INFO", "RELEASE_DUTIABLE"]
    last = message.responses[2]
    assert [(tax.kind, tax.amount.value_minor) for tax in last.taxes] == [("DUTY", 680), ("FEE", 792)]
    assert last.fee == Amount(1472, "USD")


def test_a_decision_that_nobody_knows_costs_its_response_alone() -> None:
    sound = {"itemId": "LX261122017NL", "decision": "ACK", "decisionAt": "2026-11-21T19:00:00Z"}
    received = cusrsp.read(json.dumps([sound, {**sound, "decision": "105"}]).encode(), syntax="json")
    assert [finding.code for finding in received.findings] == ["message_code_unknown"]
    assert len(received.messages[0].responses) == 1
