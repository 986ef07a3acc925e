"""A receipt reads back as it was written, in EDIFACT and in JSON; CONTRL of others is understood."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from entrepost.base.errors import IncomingMessageError
from entrepost.messages import edifact, receipt
from entrepost.messages.receipt import Answered, Receipt
from tests.messages.letters import ENVELOPE

NOW = datetime(2026, 1, 10, 8, 30, tzinfo=UTC)
GIVEN = Receipt(
    "DE101",
    "CN101",
    "00000001",
    "CN101_DE101_00000001",
    NOW,
    "accepted",
    (Answered("1", "EMSEVT", "accepted"), Answered("2", "EMSEVT", "refused", ("it's wrong: 5 + 5", "größer"))),
)


def test_a_receipt_reads_back_as_it_was_written() -> None:
    assert receipt.read(receipt.write(GIVEN, "json")) == GIVEN
    told = receipt.read(receipt.write(GIVEN, "edifact"))
    assert told == replace(GIVEN, transmission="", prepared_at=NOW.replace(tzinfo=None))


def test_a_refusal_of_all_tells_why() -> None:
    whole = replace(GIVEN, state="refused", messages=(), why=("it counts 3 messages",))
    assert receipt.read(receipt.write(whole, "edifact")).why == ("it counts 3 messages",)
    nameless = receipt.write(replace(whole, interchange=""), "edifact")
    assert receipt.read(nameless).transmission == "CN101_DE101_00000001"


def test_the_answer_of_who_knows_no_reasons_is_understood() -> None:
    body = edifact.write(
        edifact.Interchange.of(ENVELOPE, [edifact.Message.of(("EMSEVT", "3", "0", "UP"), [("BGM", "23")])])
    )
    answered = edifact.answer(edifact.read(body.replace(b"UNT+3", b"UNT+4")), "9", NOW)
    told = receipt.read(edifact.write(answered))
    assert (told.interchange, told.state) == (ENVELOPE.reference, "accepted")
    assert [(each.reference, each.state, each.why) for each in told.messages] == [
        ("1", "refused", ("segment 3: error 29",))
    ]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"receipt": {"state": "maybe"}}', b"[]", b"UNB+UNOC:3+A+B+260101:0800+1'UNZ+0+1'"]
)
def test_what_is_no_receipt_is_refused(body: bytes) -> None:
    with pytest.raises(IncomingMessageError):
        receipt.read(body)
