"""Customs get the advance data of an item."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.messages import cusitm
from entrepost.messages.cusitm import Cusitm
from tests.messages.letters import bare, cusitms, sample


@given(cusitms)
@settings(max_examples=25)
@pytest.mark.parametrize("syntax", ["xml", "json"])
def test_what_is_written_is_read(syntax: str, message: Cusitm) -> None:
    received = cusitm.read(cusitm.write(message, syntax=syntax), syntax=syntax)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    given_ = sample(shared, "cusitm_cusrsp")["cusitm"]
    received = cusitm.read(json.dumps(given_).encode(), syntax="json")
    assert received.findings == ()
    (message,) = received.messages
    assert bare(json.loads(cusitm.write(message, syntax="json"))) == bare(given_)
    assert (message.flow, message.customs_organization, message.data.item_id) == ("inbound", "US", "LX261122017NL")
