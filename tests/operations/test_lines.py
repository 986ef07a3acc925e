"""Lines of a file are decoded one by one, and can be read anew where a record was broken."""

from __future__ import annotations

import io

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.lines import RECORD_LINES_MAX, Lines, RecordTooLongError


def lines_of(content: bytes, encoding: str = "utf-8") -> Lines:
    return Lines(io.BufferedReader(io.BytesIO(content)), encoding, "file")  # type: ignore[arg-type]


def test_a_record_that_is_given_up_loses_its_first_line_only() -> None:
    lines = lines_of(b"a\nb\nc\n")
    assert lines.begin() == 1
    assert [next(lines), next(lines)] == ["a\n", "b\n"]
    assert lines.retry() == "a\n"
    assert lines.begin() == 2
    assert list(lines) == ["b\n", "c\n"]


def test_wrong_bytes_are_told_by_their_place_in_the_file() -> None:
    lines = lines_of(b"\xef\xbb\xbfok\nK\xf6ln\n")
    assert list(lines) == ["ok\n", "K\ufffdln\n"]
    assert lines.bad_offset(1, 1) is None
    assert lines.bad_offset(1, 2) == 7


def test_a_record_of_very_many_lines_has_an_open_quote() -> None:
    lines = lines_of(b"\n" * (RECORD_LINES_MAX + 1))
    for _line in range(RECORD_LINES_MAX):
        next(lines)
    with pytest.raises(RecordTooLongError):
        next(lines)


def test_wide_text_that_was_not_announced_is_refused() -> None:
    with pytest.raises(UnreadableInputError, match="looks like UTF-16"):
        list(lines_of("a,b".encode("utf-16")))
    assert list(lines_of("a,ö".encode("utf-16"), "utf-16")) == ["a,ö"]
