"""EDIFACT: bytes to an interchange and back."""

from __future__ import annotations

import re
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import IncomingMessageError, OutgoingMessageError
from entrepost.messages import edifact
from entrepost.messages.edifact import Interchange, Separators, get, repeat, segment
from tests.messages.interchanges import EVENING, LETTERS, SMALL, interchange, interchanges

UNB = b"UNB+UNOC:3+NL101+US101+261128:1805+NL7'"


def body_of(data: bytes) -> tuple[edifact.Segment, ...]:
    return edifact.read(data).messages[0].segments


def one_message(body: bytes, count: int, head: bytes = UNB) -> bytes:
    return head + b"UNH+1+EMSEVT:3:0:UP'" + body + b"UNT+%d+1'UNZ+1+NL7'" % (count + 2)


def by_pieces(data: bytes, size: int) -> Interchange:
    reader = edifact.Reader()
    messages = [each for at in range(0, len(data), size) for each in reader.feed(data[at : at + size])]
    return reader.to_interchange([*messages, *reader.close()])


def test_the_small_interchange_says_what_it_says() -> None:
    read = edifact.read(SMALL)
    assert (read.sender, read.recipient, read.reference, read.application) == ("NL101", "US101", "NL7", "EMSEVT")
    assert (read.syntax, read.version, read.test, read.prepared_at) == ("UNOC", 3, False, EVENING)
    assert read.findings == ()
    assert not read.refused
    first, second = read.messages
    assert (first.type, first.version, first.release, first.agency) == ("EMSEVT", "3", "0", "UP")
    assert get(first.segments[0], 2, 0) == "EMA"
    assert get(first.segments[0], 2, 2) == "139"
    assert get(first.segments[1], 4) == "What's new? 1+1:2"
    assert (second.reference, second.number, second.offset) == ("2", 6, SMALL.index(b"UNH+2"))
    assert edifact.write(read) == SMALL


@settings(max_examples=40)
@given(interchanges())
def test_what_was_written_is_read_again_and_written_the_same(made: Interchange) -> None:
    written = edifact.write(made)
    read = edifact.read(written)
    assert read.findings == ()
    assert read == made
    assert edifact.write(read) == written


@settings(max_examples=15)
@given(interchanges(), st.data())
def test_dividing_the_stream_anywhere_changes_nothing(made: Interchange, data: st.DataObject) -> None:
    written = edifact.write(made)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(written)), max_size=6)))
    pieces = [written[a:b] for a, b in zip([0, *cuts], [*cuts, len(written)], strict=True)]
    reader = edifact.Reader()
    messages = tuple(edifact.read_stream(pieces, reader))
    whole = edifact.read(written)
    assert reader.to_interchange(messages) == whole
    assert [(m.number, m.offset) for m in messages] == [(m.number, m.offset) for m in whole.messages]


@pytest.mark.shared
def test_constructed_samples_are_written_back_byte_for_byte(shared: Path) -> None:
    paths = sorted((shared / "postal" / "samples" / "constructed").glob("*.edi"))
    assert len(paths) == 7
    for path in paths:
        read = edifact.read(path.read_bytes())
        assert read.findings == (), path.name
        assert edifact.write(read) == path.read_bytes(), path.name


@pytest.mark.shared
def test_the_real_beginning_of_an_interchange_is_read_as_far_as_it_goes(shared: Path) -> None:
    data = (shared / "postal" / "samples" / "real" / "ifcsum_d96a_header_inubit.txt").read_bytes()
    read = edifact.read(data)
    assert (read.sender, read.recipient) == ("RUDOLF0", "ELIX000")
    assert {finding.code for finding in read.findings} == {"edifact_unclosed"}
    assert read.refused


def test_new_lines_a_byte_order_mark_and_blanks_around_mean_nothing() -> None:
    loose = b"\xef\xbb\xbf\r\n " + SMALL.replace(b"'UN", b"'\r\n\r\nUN").replace(b"'STS", b"'\nSTS") + b"\r\n\x1a"
    assert edifact.read(loose).messages == edifact.read(SMALL).messages
    assert edifact.read(loose).findings == ()


def test_other_separators_are_announced() -> None:
    data = b"UNA|~,# !UNB~UNOC|3~NL101~US101~261128|1805~NL7!UNH~1~EMSEVT|3|0|UP!FTX~a#~b|c+d!UNT~3~1!UNZ~1~NL7!"
    read = edifact.read(data)
    assert read.messages[0].segments == (segment("FTX", ("a~b", "c+d")),)
    assert read.separators.decimal == ","
    assert edifact.write(read) == data


def test_level_b_may_separate_with_signs_that_no_text_has() -> None:
    plain = one_message(b"FTX+AAI+++it is a text'", 1, UNB.replace(b"UNOC", b"UNOB"))
    data = plain.replace(b"'", b"\x1c").replace(b"+", b"\x1d").replace(b":", b"\x1f")
    data = data.replace(b"it is", b"it's 1+1:2?")
    assert body_of(data) == (segment("FTX", "AAI", "", "", "it's 1+1:2? a text"),)
    assert edifact.write(edifact.read(data)) == data


def test_repetitions_came_with_version_4() -> None:
    twice = interchange(segment("FTX", "AAI", repeat("A", ("B", "C"))), version=4)
    written = edifact.write(twice)
    assert b"FTX+AAI+A*B:C'" in written
    assert b"+20261128:1805+" in written
    read = edifact.read(written)
    assert read == twice
    assert read.prepared_at == EVENING
    assert edifact.repetitions(read.messages[0].segments[0], 2) == (("A",), ("B", "C"))
    assert get(read.messages[0].segments[0], 2) == "A"
    assert body_of(written.replace(b"UNOC:4", b"UNOC:3")) == (segment("FTX", "AAI", ("A*B", "C")),)
    with pytest.raises(OutgoingMessageError, match=r"segment 3, FTX: .*version 4"):
        edifact.write(replace(twice, separators=Separators()))


def test_functional_groups_are_kept() -> None:
    data = (
        UNB + b"UNG+EMSEVT+NL101+US101+261128:1805+G1'UNH+1+EMSEVT:3:0:UP'STS+1'UNT+3+1'UNE+1+G1'"
        b"UNG+EMSEVT+NL101+US101+261128:1805+G2'UNH+2+EMSEVT:3:0:UP'STS+1'UNT+3+2'UNE+1+G2'UNZ+2+NL7'"
    )
    read = edifact.read(data)
    assert read.findings == ()
    assert [get(message.group or (), 5) for message in read.messages] == ["G1", "G2"]
    assert edifact.write(read) == data


@pytest.mark.parametrize("level", sorted(LETTERS))
def test_every_letter_of_a_level_is_written_and_read(level: str) -> None:
    made = interchange(segment("FTX", LETTERS[level]), syntax=level)
    assert edifact.read(edifact.write(made)) == made


@pytest.mark.parametrize(
    ("level", "text"), [("UNOA", "a"), ("UNOB", "é"), ("UNOC", "Ł"), ("UNOE", "é"), ("UNOW", "\t")]
)
def test_a_letter_that_the_level_does_not_have_is_not_written(level: str, text: str) -> None:
    with pytest.raises(OutgoingMessageError, match=re.escape(f"segment 4, FTX: {text!r} is not in {level}")):
        edifact.write(interchange(segment("STS", "1"), segment("FTX", text), syntax=level))


def test_a_reader_bears_lower_case_and_accents_where_the_level_has_none() -> None:
    read = edifact.read(one_message("FTX+AAI+++Café à côté'".encode("latin-1"), 1, UNB.replace(b"UNOC", b"UNOA")))
    assert get(read.messages[0].segments[0], 4) == "Café à côté"
    assert [(finding.code, finding.level, finding.row) for finding in read.findings] == [
        ("edifact_character", "warning", 3)
    ]


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([segment("FTX", "x" * 10_000)], "segment 3, FTX: it has more than 10000"),
        ([("FTX", ("a", "b"))], r"segment 3, FTX: .*make it with segment\(\)"),
        ([("FTX", "a\x1cb")], "segment 3, FTX: "),
    ],
)
def test_what_is_no_segment_is_not_written(rows: list[edifact.Segment], what: str) -> None:
    with pytest.raises(OutgoingMessageError, match=what):
        edifact.write(interchange(*rows))


@pytest.mark.parametrize("parts", [("ft", "x"), ("FTXX", "x"), ("", "x"), ("FTX", "a\x1db"), ("FTX", ("a", "b\x1c"))])
def test_what_is_no_segment_is_not_made(parts: tuple[str, ...]) -> None:
    with pytest.raises(OutgoingMessageError, match=r"the tag|holds a control character"):
        segment(*parts)


def test_messages_without_a_reference_are_numbered() -> None:
    made = interchange(segment("STS", "1"))
    nameless = replace(made.messages[0], header=("UNH", "", made.messages[0].header[2]))
    read = edifact.read(edifact.write(replace(made, messages=(nameless, nameless))))
    assert [message.reference for message in read.messages] == ["1", "2"]


def test_a_stream_is_written_while_its_messages_come() -> None:
    made = edifact.read(SMALL)
    empty = replace(made, messages=())
    assert b"".join(edifact.write_stream(empty, iter(made.messages))) == SMALL


@pytest.mark.parametrize(
    ("data", "what", "offset"),
    [
        (b"", "ends before the header", 0),
        (b"   ", "ends before the header", 0),
        (b"Dear partner,", "begins with UNA or UNB", 0),
        (b"\n\nUNH+1'", "begins with UNA or UNB", 2),
        (b"UNA:+.? 'UNH+1+EMSEVT'", "not followed by the header", 9),
        (b"UNA++.? 'UNB+UNOC:3'", "UNA cannot be used", 9),
        (b"UNB|UNOC:3|NL101'", r"behind UNB stands no \+", 0),
        (b"UNB+XXXX:3+NL101+US101+261128:1805+NL7'", "'XXXX' is none of UNOA to UNOY", 0),
        (b"UNB+UNOC:7+NL101+US101+261128:1805+NL7'", "'7' is none of 1 to 4", 0),
        (b"UNB+UNOC:3+" + b"x" * 10_001 + b"'", "more than 10000 characters", 0),
    ],
)
def test_what_is_no_interchange_is_one_clear_error(data: bytes, what: str, offset: int) -> None:
    for size in (1 if len(data) < 100 else 77, len(data) or 1):
        with pytest.raises(IncomingMessageError, match=what) as caught:
            by_pieces(data, size)
        assert (caught.value.segment, caught.value.offset) == (1, offset)


def test_more_bytes_or_segments_than_may_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepost.messages.syntax.reader.SEGMENTS_MOST", 8)
    with pytest.raises(IncomingMessageError, match="more than 8 segments"):
        edifact.read(SMALL)
    monkeypatch.setattr("entrepost.messages.syntax.reader.BYTES_MOST", len(SMALL) - 1)
    with pytest.raises(IncomingMessageError, match=f"more than {len(SMALL) - 1} bytes"):
        edifact.read(SMALL)


def test_a_stream_is_read_and_written_in_little_memory() -> None:
    made = interchange(*[segment("STS", "1", ("EMC", "", "139"), str(number)) for number in range(20)])
    messages = (replace(made.messages[0], header=("UNH", "", made.messages[0].header[2])) for _ in range(800))
    tracemalloc.start()
    read = sum(1 for _ in edifact.read_stream(edifact.write_stream(replace(made, messages=()), messages)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == 800
    assert most < 2_000_000  # the whole interchange has 0.5 MB in bytes, and some 5 MB as segments
