"""What is wrong with an interchange is told with segment and byte, and the sound messages beside it are kept."""

from __future__ import annotations

import pytest

from entrepost.base.findings import Finding
from entrepost.messages import edifact
from entrepost.messages.syntax.faults import ANSWERS, FIXES
from tests.messages.interchanges import EVENING, SMALL
from tests.messages.test_edifact import UNB, by_pieces

SECOND = b"UNH+2+EMSEVT:3:0:UP'STS+1+EMC::139'UNT+3+2'"


def change(old: bytes, new: bytes) -> bytes:
    assert SMALL.count(old) == 1, "a change is of one place"
    return SMALL.replace(old, new)


CASES = {
    "a trailer that counts wrongly": (change(b"UNT+4+1", b"UNT+5+1"), "edifact_count", 5),
    "a count that is no number": (change(b"UNT+4+1", b"UNT+four+1"), "edifact_count", 5),
    "a trailer of another message": (change(b"UNT+4+1", b"UNT+4+9"), "edifact_reference", 5),
    "a message without a trailer": (change(b"UNT+4+1'", b""), "edifact_unclosed", 5),
    "a header without a type": (change(b"UNH+1+EMSEVT:3:0:UP", b"UNH+1"), "edifact_header", 2),
    "a tag in lower case": (change(b"FTX+", b"Ftx+"), "edifact_tag", 4),
    "an empty segment": (change(b"FTX+", b"'FTX+"), "edifact_tag", 4),
    "a segment that is too long": (change(b"What", b"w" * 10_000), "edifact_segment_long", 4),
    "a segment that is far too long": (change(b"What", b"?'" * 200_000 + b"?+"), "edifact_segment_long", 4),
    "a sign that rules machines": (change(b"What", b"Wh\x00t"), "edifact_character", 4),
}


@pytest.mark.parametrize("name", CASES)
def test_the_message_with_the_fault_is_left_out_and_the_other_one_kept(name: str) -> None:
    data, code, number = CASES[name]
    read = edifact.read(data)
    assert [message.reference for message in read.messages] == ["2"]
    assert read.messages[0].offset == data.index(b"UNH+2")
    first = read.findings[0]
    assert (first.code, first.row, first.reference, first.level) == (code, number, "1", "error")
    assert first.place == number - 1
    assert not read.refused
    for size in (1 if len(data) < 2_000 else 997, 64_000):
        assert by_pieces(data, size) == read


WHOLE = {
    "an end that counts wrongly": (change(b"UNZ+2", b"UNZ+3"), "edifact_count", 9),
    "an end of another interchange": (change(b"UNZ+2+NL7", b"UNZ+2+NL8"), "edifact_reference", 9),
    "no end": (change(b"UNZ+2+NL7'", b""), "edifact_unclosed", 9),
    "an end that is cut off": (change(b"UNZ+2+NL7'", b"UNZ+2"), "edifact_unclosed", 9),
    "two interchanges": (SMALL + SMALL, "edifact_after_end", 10),
    "a segment between messages": (change(b"UNH+2", b"DTM+137'UNH+2"), "edifact_stray", 6),
    "a trailer without a header": (change(b"UNH+2", b"UNT+1+0'UNH+2"), "edifact_stray", 6),
    "no sender": (change(b"+NL101+", b"++"), "edifact_header", 1),
    "a group that does not end": (
        change(b"UNH+2", b"UNG+EMSEVT'UNH+2").replace(b"UNZ+2", b"UNZ+1"),
        "edifact_unclosed",
        10,
    ),
    "a group that counts wrongly": (
        change(b"UNH+2", b"UNG+E++++G'UNH+2").replace(b"UNZ+2", b"UNE+2+G'UNZ+1"),
        "edifact_count",
        10,
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_an_envelope_that_is_wrong_refuses_the_interchange_and_keeps_its_messages_to_look_at(name: str) -> None:
    data, code, number = WHOLE[name]
    read = edifact.read(data)
    assert read.refused
    assert len(read.messages) == 2
    assert [(fault.code, fault.row, fault.place) for fault in read.findings] == [(code, number, 0)]
    assert f"segment {number}, byte {read.findings[0].offset}" in read.findings[0].message
    assert by_pieces(data, 1) == read


def test_after_a_header_that_is_too_long_the_next_message_is_told_where_it_begins() -> None:
    data = change(b"EMSEVT:3:0:UP'STS+1+EMA", b"EMSEVT:3:0:UP" + b"+" * 10_000 + b"'STS+1+EMA")
    for size in (701, len(data)):
        read = by_pieces(data, size)
        assert [message.offset for message in read.messages] == [data.index(b"UNH+2")]
        assert read.findings[0].code == "edifact_segment_long"


def test_an_interchange_without_a_message_is_told() -> None:
    read = edifact.read(UNB + b"UNZ+0+NL7'")
    assert [fault.code for fault in read.findings] == ["edifact_empty"]


def test_a_reference_that_stands_twice_refuses_the_second_message() -> None:
    read = edifact.read(change(b"UNH+2", b"UNH+1").replace(b"UNT+3+2", b"UNT+3+1"))
    assert [message.number for message in read.messages] == [2]
    assert [(fault.code, fault.reference, fault.row) for fault in read.findings] == [
        ("edifact_reference_repeated", "1", 6)
    ]


def test_a_byte_that_the_character_set_does_not_know_is_told_with_its_value() -> None:
    read = edifact.read(change(b"What", b"Wh\xe9").replace(b"UNOC", b"UNOW"))
    assert [message.reference for message in read.messages] == ["2"]
    assert "the byte 0xe9 is not UNOW" in read.findings[0].message
    assert read.findings[0].offset == SMALL.index(b"FTX")


def test_offsets_are_bytes_even_where_letters_have_several() -> None:
    data = change(b"What", "中文".encode()).replace(b"UNOC", b"UNOW").replace(b"UNT+3+2", b"UNT+7+2")
    read = edifact.read(data)
    assert read.findings[0].offset == data.index(b"UNT+7+2")
    assert data[read.messages[0].offset :].startswith(b"UNH+1")


def test_empty_lines_count_for_nothing_where_lines_end_segments() -> None:
    lines = b"UNA:+.? \n" + SMALL.replace(b"?'", b"").replace(b"'", b"\r\n\r\n").replace(b"UNT+3+2", b"UNT+7+2")
    for size in (1, 50, len(lines)):
        read = by_pieces(lines, size)
        assert [message.offset for message in read.messages] == [lines.index(b"UNH+1")]
        assert [(fault.code, fault.offset) for fault in read.findings] == [("edifact_count", lines.index(b"UNT+7+2"))]


def test_of_a_message_ten_faults_are_told_and_of_an_interchange_a_thousand() -> None:
    bad = b"UNH+1+EMSEVT:3:0:UP'" + b"x'" * 50 + b"UNT+52+1'"
    read = edifact.read(UNB + bad + SECOND + b"UNZ+2+NL7'")
    assert len(read.findings) == 10
    assert len(read.messages) == 1
    many = b"".join(b"UNH+%d+E'UNT+9+%d'" % (number, number) for number in range(1_200))
    assert len(edifact.read(UNB + many + b"UNZ+1200+NL7'").findings) == 1_000


def test_every_fault_has_a_fix_and_a_code_of_the_answer() -> None:
    assert set(ANSWERS) == set(FIXES)


def answered(data: bytes, *more: Finding) -> list[str]:
    read = edifact.read(data)
    written = edifact.write(edifact.answer(read, "US9", EVENING, more))
    again = edifact.read(written)
    assert again.findings == ()
    assert (again.sender, again.recipient) == (read.recipient, read.sender)
    return written.decode().split("'")[2:-3]


def test_a_sound_interchange_is_answered_as_taken() -> None:
    assert answered(SMALL) == ["UCI+NL7+NL101+US101+7"]


def test_a_faulty_message_is_answered_with_its_segment_and_the_code_of_the_fault() -> None:
    assert answered(change(b"FTX+", b"Ftx+")) == [
        "UCI+NL7+NL101+US101+7",
        "UCM+1+EMSEVT:3:0:UP+4+12",
        "UCS+3+12",
    ]


def test_what_a_profile_finds_wrong_is_answered_as_well() -> None:
    event = Finding("edifact_header", "STS", "no such event", "NL7", 7)
    warning = Finding("edifact_header", "STS", "an odd event", "NL7", 3, level="warning")
    elsewhere = Finding("edifact_header", "order", "no such order", "orders.csv", 700)
    assert answered(SMALL, event, warning, elsewhere)[1:] == ["UCM+2+EMSEVT:3:0:UP+4+13", "UCS+2+13"]


def test_a_wrong_envelope_is_rejected_as_a_whole() -> None:
    assert answered(change(b"UNZ+2", b"UNZ+3")) == ["UCI+NL7+NL101+US101+4+29+UNZ"]


def test_a_test_is_answered_as_a_test_and_version_4_in_version_4() -> None:
    data = change(b"UNOC:3", b"UNOC:4").replace(b"++EMSEVT'UNH+1", b"++EMSEVT++++1'UNH+1")
    read = edifact.read(data)
    assert read.test
    reply = edifact.answer(read, "US9", EVENING)
    assert reply.test
    assert (reply.version, reply.messages[0].type, reply.messages[0].version) == (4, "CONTRL", "4")
