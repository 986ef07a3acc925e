"""Each message of an interchange is heard by itself, with all that is wrong with it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from entrepost.mail.report import ItemReport
from entrepost.messages import emsevt, plain
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.hearing import Heard, hear
from tests.messages.letters import ENVELOPE, ZONES

SENT = datetime(2026, 11, 28, 8, 30, tzinfo=UTC)


def told(document: str, *reports: ItemReport) -> Emsevt:
    return Emsevt(document, SENT, reports or (ItemReport("LX261122017NL", "EMA", SENT, "NLHAGI"),), office="NLHAGI")


def codes(heard: Heard) -> list[str]:
    return [finding.code for finding in heard.findings]


def test_a_sound_message_is_heard_with_its_noun_and_nothing_else() -> None:
    message = told("D1")
    (heard,) = hear(emsevt.write([message], ENVELOPE, ZONES), "one.edi", ZONES)
    assert heard == Heard("EMSEVT", "one.edi", "NL101", "US101", "D1", date(2026, 11, 28), message)


def test_what_is_wrong_stands_with_the_message_in_which_it_is() -> None:
    held = ItemReport("LX261122017NL", "EME", SENT, "NLHAGI")
    data = emsevt.write([told("D1"), told("D2", held), told("D3")], ENVELOPE, ZONES)
    first, second, third = hear(data.replace(b"+EMA::139'", b"+QQQ::139'", 1), "one.edi", ZONES)
    assert (codes(second), codes(third)) == (["report_reason_missing"], [])
    assert first.findings
    assert first.document == "D1"
    assert {finding.row for finding in first.findings} <= set(range(2, 9))


def test_a_message_that_is_not_whole_is_heard_as_unusable_and_the_others_as_they_are() -> None:
    data = emsevt.write([told("D1"), told("D2")], ENVELOPE, ZONES)
    trailer = data[data.index(b"UNT+") : data.index(b"UNH+2")]
    broken, sound = hear(data.replace(trailer, b"UNT+99+1'"), "one.edi", ZONES)
    assert (broken.message, broken.noun, codes(broken)) == ("EMSEVT", None, ["edifact_count"])
    assert (sound.document, sound.findings) == ("D2", ())


def test_a_type_that_nobody_knows_is_heard_and_told() -> None:
    data = emsevt.write([told("D1")], ENVELOPE, ZONES).replace(b"UNH+1+EMSEVT", b"UNH+1+NOTHNG")
    (heard,) = hear(data, "one.edi", ZONES)
    assert (heard.message, heard.noun, codes(heard)) == ("NOTHNG", None, ["message_type_unexpected"])


def test_bytes_that_are_no_interchange_are_one_unusable_thing() -> None:
    (heard,) = hear(b"hello", "one.edi")
    assert (heard.message, heard.noun, codes(heard)) == ("", None, ["message_unreadable"])


def test_plain_json_is_heard_too() -> None:
    message = told("D1")
    (heard,) = hear(plain.write(message), "one.json")
    assert (heard.message, heard.document, heard.noun) == ("EMSEVT", "D1", message)
