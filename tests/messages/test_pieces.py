"""An interchange is cut into messages that stand alone, regular or not, whole or not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entrepost.base.errors import IncomingMessageError
from entrepost.mail.report import ItemReport
from entrepost.messages import any_message, edifact, emsevt, itmatt, plain_lines
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.pieces import Cut, cut
from tests.messages.advance import LAMP
from tests.messages.letters import ENVELOPE, ZONES

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
