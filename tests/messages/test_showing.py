"""One message as people look at it: faults stand at their segments, people's data only before who may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from entrepost.mail.report import ItemReport
from entrepost.messages import emsevt, itmatt, plain
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.showing import HIDDEN, hide_people, show
from tests.messages.letters import ENVELOPE, ZONES
from tests.messages.mail_between import told_item

SENT = datetime(2026, 11, 28, 8, 30, tzinfo=UTC)
SIGNED = ItemReport("LX261122017NL", "EMI", SENT, "NLHAGI", signatory="Jane Example", remark="left with Joe")
DATA = emsevt.write([Emsevt("D1", SENT, (SIGNED,), office="NLHAGI")], ENVELOPE, ZONES)


def test_a_message_is_shown_as_it_says_and_segment_by_segment() -> None:
    seen = show(DATA, ZONES)
    assert seen.says is not None
    assert seen.says["reports"][0]["signatory"] == "Jane Example"
    assert [line.text[:3] for line in seen.lines][:3] == ["UNB", "UNH", "BGM"]
    assert [line.text[:3] for line in seen.lines][-2:] == ["UNT", "UNZ"]
    assert {line.text[:3]: line.depth for line in seen.lines}["DTM"] == 4
    assert (seen.found, seen.is_hidden) == ((), False)


def test_what_is_wrong_stands_at_its_segment() -> None:
    seen = show(DATA.replace(b"+EMI:", b"+QQQ:"), ZONES)
    (line,) = [line for line in seen.lines if line.faults]
    assert line.text.startswith("STS+1+QQQ")
    assert line.faults[0].row == line.number


def test_who_may_not_see_people_sees_neither_their_names_nor_free_words() -> None:
    seen = hide_people(show(DATA, ZONES))
    assert seen.says is not None
    assert (seen.says["reports"][0]["signatory"], seen.says["reports"][0]["remark"]) == (HIDDEN, HIDDEN)
    assert seen.says["reports"][0]["item_id"] == "LX261122017NL"
    assert "Jane" not in str(seen)
    assert "Joe" not in str(seen)


def test_of_advance_data_only_the_countries_of_people_are_shown() -> None:
    told = told_item()
    for data in (itmatt.write(told), plain.write(told)):
        whole = show(data)
        assert told.data.recipient.name in str(whole.lines)
        seen = hide_people(whole)
        assert seen.says is not None
        assert (seen.says["recipient"]["country"], seen.says["recipient"]["name"]) == ("US", HIDDEN)
        assert seen.lines == ()
        for party in (told.data.sender, told.data.recipient):
            assert not any(word in str(seen) for word in (party.name, *party.lines, party.city, party.phone) if word)


def test_faults_that_quote_a_person_are_told_in_general() -> None:
    told = told_item()
    seen = show(itmatt.write(told).replace(b"<grossWeightGrams>", b"<grossWeightGrams>heavy "))
    assert seen.found
    assert "heavy" in str(seen.found)
    assert "heavy" not in str(hide_people(seen))


def test_a_long_message_is_cut_and_says_so() -> None:
    many = tuple(replace(SIGNED, item_id="LX261122017NL") for _ in range(1_100))
    seen = show(emsevt.write([Emsevt("D1", SENT, many, office="NLHAGI")], ENVELOPE, ZONES), ZONES)
    assert (seen.is_cut, len(seen.lines)) == (True, 5_000)


def test_bytes_that_say_nothing_are_shown_as_they_are() -> None:
    seen = show(b"hello\nworld")
    assert ([line.text for line in seen.lines], [fault.code for fault in seen.found]) == (
        ["hello", "world"],
        ["message_unreadable"],
    )
    assert hide_people(seen).lines == ()
    assert show(b"").lines == ()
