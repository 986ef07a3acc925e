"""Cursors, and lists in pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.api.paging import cut, read_cursor, write_cursor
from entrepost.base.errors import MisuseError
from tests.api.world import World


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), st.integers(-(2**53), 2**53))
def test_a_cursor_is_read_back(name: str, number: int) -> None:
    assert read_cursor(write_cursor(name, number), str, int) == (name, number)


@pytest.mark.parametrize("cursor", ["!", "a", "bnVsbA", write_cursor(1), write_cursor("a", "b"), write_cursor("\0")])
def test_a_cursor_of_somebody_else_is_misuse(cursor: str) -> None:
    with pytest.raises(MisuseError, match="none of ours"):
        read_cursor(cursor, str)


def test_a_list_that_fits_has_no_next_page() -> None:
    assert cut(["a", "b"], 2, lambda each: [each]) == (["a", "b"], "")
    assert cut(["a", "b", "c"], 2, lambda each: [each]) == (["a", "b"], write_cursor("b"))


def test_all_pages_together_are_the_list(world: World) -> None:
    whole = world.ask("GET", "/v1/keys", params={"limit": 1000}).json()["data"]
    pages, cursor = [], ""
    while True:
        page = world.ask("GET", "/v1/keys", params={"limit": 7, "cursor": cursor}).json()
        pages += page["data"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert pages == whole
    assert len(whole) > 40


def test_an_instant_of_a_cursor_is_one_with_its_offset() -> None:
    at = datetime(2026, 1, 5, 2, tzinfo=UTC)
    assert read_cursor(write_cursor("a", at.isoformat()), str, datetime) == ("a", at)
    for wrong in ("yesterday", "2026-01-05T02:00:00", "", "0000"):
        with pytest.raises(MisuseError, match="none of ours"):
            read_cursor(write_cursor("a", wrong), str, datetime)
    with pytest.raises(MisuseError, match="none of ours"):
        read_cursor(write_cursor("a"), str, datetime)
