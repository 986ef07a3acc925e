"""Blocks of plain CSV are read whole, and tell exactly what reading them line by line tells."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import UnreadableInputError
from entrepost.operations import lines
from entrepost.operations.blocks import Pieces, read_plain
from entrepost.operations.source import Form, read_chunks

PLAIN = (b"a", b"bb", b" x ", b"", "ö".encode(), b"12", b"null", b"1.50")
ODD = (b'"', b'"q,q"', b"\xff", b"\r", b"\0", b'"a\nb"', b"\xef\xbb\xbf", b",")


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Files of which most lines are plain and some are not."""
    width = draw(st.integers(1, 3))
    cells = st.lists(st.sampled_from(PLAIN), min_size=width, max_size=width)
    odd = st.lists(st.sampled_from(PLAIN + ODD), max_size=width + 1)
    rows = draw(st.lists(cells | cells | cells | odd, max_size=12))
    end = draw(st.sampled_from((b"\n", b"\r\n")))
    header = b",".join(b"h%d" % place for place in range(width))
    body = end.join([header, *(b",".join(row) for row in rows)])
    return draw(st.sampled_from((b"", b"\xef\xbb\xbf"))) + body + draw(st.sampled_from((b"", end)))


def told(path: Path, skip: int, size: int) -> Any:
    try:
        chunks = list(read_chunks(path, Form(), skip, size))
    except UnreadableInputError as error:
        return str(error)
    return [(chunk.frame.to_dict(as_series=False), chunk.broken, chunk.position) for chunk in chunks]


@settings(max_examples=150)
@given(content=files(), skip=st.sampled_from((0, 1, 3, 20)), size=st.sampled_from((1, 2, 5, 100)))
def test_a_file_tells_the_same_read_whole_and_line_by_line(
    content: bytes, skip: int, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "blocks.csv"
    path.write_bytes(content)
    whole = told(path, skip, size)
    with pytest.MonkeyPatch.context() as slow:
        slow.setattr(lines, "read_plain", lambda *_: None)
        assert told(path, skip, size) == whole


def test_plain_rows_are_read_whole_and_others_left_alone() -> None:
    found = read_plain(b"a,1\r\n,2", ["x", "y"], ",")
    assert found is not None
    assert found.rows() == [("a", "1"), (None, "2")]
    odd = (
        b"",
        b'a,"1"\n',
        b"a\n",
        b"a,b,c\n",
        b"a,1\n\n",
        b"a,\xff\n",
        b"a,1\rb,2\n",
        b"a,\0\n",
        b"a" * 200_000 + b",\n",
    )
    assert [read_plain(block, ["x", "y"], ",") for block in odd] == [None] * len(odd)


def test_lines_are_taken_in_blocks_and_given_back() -> None:
    pieces = Pieces(io.BytesIO(b"a\nb\nc\nd"))
    assert pieces.take(2, 100) == b"a\nb\n"
    pieces.give_back(b"b\n")
    assert (pieces.readline(100), pieces.readline(1), pieces.take(9, 100)) == (b"b\n", b"c", b"\nd")
    assert (pieces.take(1, 100), pieces.readline(9)) == (b"", b"")
    assert Pieces(io.BytesIO(b"aa\nbb\ncc")).take(9, 4) == b"aa\nbb\n"
