"""An interchange is cut into messages that stand alone, regular or not, whole or not."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest

from entrepost.base.errors import IncomingMessageError
from entrepost.mail.report import ItemReport
from entrepost.messages import any_message, edifact, emsevt, itmatt, plain, plain_lines, receipt
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.pieces import Cut, cut
from tests.messages.advance import LAMP
from tests.messages.letters import ENVELOPE, ZONES
from tests.messages.mutations import list_seeds, mutate

SENT = datetime(2026, 1, 10, 8, 0, tzinfo=UTC)


def interchange(*functions: str, remark: str = "") -> bytes:
    report = ItemReport("LX000000005CN", "EMD", datetime(2026, 1, 9, 8, 0, tzinfo=UTC), "USJFKA", remark=remark)
    messages = [Emsevt(f"D{at}", SENT, (report,), function, "NLHAGI") for at, function in enumerate(functions)]
    return emsevt.write(messages, ENVELOPE, ZONES)


def test_every_piece_stands_alone_and_says_what_it_is() -> None:
    whole = cut(interchange("original", "replace", "cancel"))
    assert [(each.reference, each.document, each.function) for each in whole.pieces] == [
        ("1", "D0", "original"),
        ("2", "D1", "replace"),
        ("3", "D2", "cancel"),
    ]
    assert {each.version for each in whole.pieces} == {"3.0"}
    alone = any_message.read(whole.pieces[1].content, ZONES)
    assert [message.document for message in alone.messages] == ["D1"]
    assert (alone.sender.sender, alone.sender.reference, alone.findings) == ("NL101", ENVELOPE.reference, ())


def test_regular_interchanges_are_cut_as_the_reader_has_them() -> None:
    """A mark in front of an interchange makes it irregular, and says nothing."""
    plain, odd = interchange("original", "original"), interchange("original", "original", remark="Straße?")
    assert plain_pieces(cut(plain)) == plain_pieces(cut(b"\xef\xbb\xbf" + plain))
    assert cut(plain).pieces[0].digest == cut(plain).pieces[1].digest, "number and function do not count"
    assert [each.document for each in cut(odd).pieces] == ["D0", "D1"]


def plain_pieces(given: Cut) -> list[object]:
    return [given.sender, given.prepared_at, *given.pieces]


def test_wrong_counts_refuse_the_message_or_the_whole() -> None:
    body = interchange("original", "original")
    one = cut(body.replace(b"UNT+9+2'", b"UNT+8+2'", 1) if b"UNT+9+2'" in body else body.replace(b"+2'UNZ", b"9+2'UNZ"))
    assert [bool(each.findings) for each in one.pieces] == [False, True]
    assert not one.refused
    assert cut(body.replace(b"UNZ+2+", b"UNZ+3+")).refused


def test_lines_of_json_are_pieces_and_a_broken_one_loses_no_other() -> None:
    head = plain_lines.Head("DE101", "CN101", "7", SENT, 2)
    body = plain_lines.write(head, [{"message": "ITMATT", "item_id": "A"}, {"message": "NOTE", "document": "n"}])
    whole = cut(body)
    assert [(each.reference, each.message, each.document, each.function) for each in whole.pieces] == [
        ("1", "ITMATT", "A", "replace"),
        ("2", "NOTE", "n", "original"),
    ]
    assert (whole.sender.sender, whole.sender.reference, whole.prepared_at) == ("DE101", "7", SENT)
    broken = cut(body.replace(b'{"message":"NOTE"', b'{"message"'))
    assert [bool(each.findings) for each in broken.pieces] == [False, True]
    assert cut(body.replace(b'"messages":2', b'"messages":3')).refused


def test_a_document_is_a_piece_by_itself() -> None:
    (piece,) = cut(itmatt.write(itmatt.Itmatt(LAMP))).pieces
    assert (piece.message, piece.document, piece.function) == ("ITMATT", LAMP.item_id, "replace")


@pytest.mark.parametrize("body", [b"", b"hello", b"{", b"[1]", b"<a/>", b"UNB+UNOC:3+A'"])
def test_what_is_no_interchange_is_refused(body: bytes) -> None:
    try:
        found = cut(body)
    except IncomingMessageError:
        return
    assert found.refused or not found.pieces or found.pieces[0].findings


def test_cut_pieces_together_are_the_interchange() -> None:
    body = interchange("original", "replace")
    whole = edifact.read(body)
    alone = [edifact.read(piece.content).messages[0] for piece in cut(body).pieces]
    assert [message.segments for message in alone] == [message.segments for message in whole.messages]


@pytest.mark.campaign
def test_mutated_bytes_are_cut_or_refused_and_nothing_else(campaign_scale: float) -> None:
    head = plain_lines.Head("A", "B", "1", SENT, 2)
    lines = plain_lines.write(head, [plain.to_plain(itmatt.Itmatt(LAMP))] * 2)
    seeds = [*list_seeds(), interchange("original", "replace"), itmatt.write(itmatt.Itmatt(LAMP)), lines]
    for seed in range(round(10_000 * campaign_scale)):
        body = mutate(seeds, seed)
        for door in (cut, receipt.read):
            with contextlib.suppress(IncomingMessageError):
                door(body)


def test_what_a_sender_writes_beyond_its_character_set_is_kept() -> None:
    """Small letters in UNOA are wrong and usual; a sign that steers a terminal is refused with its message."""
    odd = interchange("original", remark="fragile").replace(b"UNOC", b"UNOA")
    (piece,) = cut(odd).pieces
    assert piece.findings == ()
    assert any_message.read(piece.content, ZONES).messages[0].reports[0].remark == "fragile"
    (piece,) = cut(odd.replace(b"fragile", b"fragile\x1a")).pieces
    assert [each.code for each in piece.findings] == ["edifact_character"]


def test_names_that_no_store_can_keep_are_written_otherwise() -> None:
    head = plain_lines.Head("A", "B", "1", SENT, 1)
    body = plain_lines.write(head, [{"message": "NOTE", "document": "x"}])
    (piece,) = cut(body.replace(b'"x"', b'"\\ud800\\u0000' + b"y" * 200 + b'"')).pieces
    assert piece.document == "??" + "y" * 98
