"""Advance data come as they went, and XML that tries tricks is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.base.errors import IncomingMessageError
from entrepost.mail.advance_data import TaxId
from entrepost.messages import itmatt
from entrepost.messages.itmatt import Itmatt
from tests.messages.letters import SMALL, bare, itmatts, sample


@given(itmatts)
@settings(max_examples=25)
@pytest.mark.parametrize("syntax", ["xml", "json"])
def test_what_is_written_is_read(syntax: str, message: Itmatt) -> None:
    received = itmatt.read(itmatt.write(message, syntax=syntax), syntax=syntax)
    assert received.messages == (message,)
    assert received.findings == ()


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    given_ = sample(shared, "itmatt")
    received = itmatt.read(json.dumps(given_).encode(), syntax="json")
    assert received.findings == ()
    (message,) = received.messages
    assert bare(json.loads(itmatt.write(message, syntax="json"))) == bare(given_)
    assert (message.data.weight_g, message.data.declaration.nature) == (742, "sale")
    assert message.data.declaration.value_minor == 6200
    assert message.data.posted_at.isoformat() == "2026-11-20T10:15:00+01:00"


BOMB = b"<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;&b;'>]><itmatt>&c;</itmatt>"
OUTSIDE = b"<!DOCTYPE a SYSTEM 'other.dtd'><itmatt/>"


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, b"<a>" * 200 + b"</a>" * 200, b"<a", b"", b"\xff\xfe"])
def test_xml_that_tries_more_than_a_message_needs_is_refused(data: bytes) -> None:
    with pytest.raises(IncomingMessageError):
        itmatt.read(data)


@pytest.mark.parametrize("data", [b"[" * 100_000, b"[" * 400 + b"]" * 400, b"{", b"\xff", b""])
def test_json_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(IncomingMessageError):
        itmatt.read(data, syntax="json")


def test_contents_in_two_currencies_are_no_declaration() -> None:
    document = json.loads(itmatt.write(SMALL, syntax="json"))
    document["contentPieces"].append(
        {**document["contentPieces"][0], "declaredValue": {"amount": "1", "currency": "JPY"}}
    )
    received = itmatt.read(json.dumps(document).encode(), syntax="json")
    assert received.messages == ()
    assert [finding.code for finding in received.findings] == ["message_content_unsound"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mailClass": "Q"}, "message_code_unknown"),
        ({"grossWeightGrams": -1}, "message_value_malformed"),
        ({"postingDateTime": "yesterday"}, "message_value_malformed"),
        ({"postingDateTime": "2026-11-20T10:15:00"}, "message_zone_unknown"),
        ({"postage": {"amount": "12.345", "currency": "EUR"}}, "message_value_malformed"),
        ({"sender": {}}, "message_part_missing"),
        ({"colour": "red"}, "message_part_unexpected"),
    ],
)
def test_what_is_wrong_has_a_code(changes: dict[str, object], code: str) -> None:
    document = {**json.loads(itmatt.write(SMALL, syntax="json")), **changes}
    found = [finding.code for finding in itmatt.read(json.dumps(document).encode(), syntax="json").findings]
    assert code in found


def test_a_number_of_customs_without_its_kind_is_told_as_a_tax_number() -> None:
    given_ = replace(SMALL.data, sender=replace(SMALL.data.sender, tax_id="NL123"), sender_ids=())
    (message,) = itmatt.read(itmatt.write(Itmatt(given_))).messages
    assert message.data.sender_ids == (TaxId("TAX", "NL123"),)
