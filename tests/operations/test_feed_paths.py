"""Paths through nested JSON: what stands where they lead is a row, and what is misplaced loses nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest

from entrepost.operations.feed_paths import Cells, Digits, Feed, Misplaced

FEED = Feed("trackers[].events[]", ("carrier", "trackers[].id", "trackers[].events[].code"))


def rows(document: Any, feed: Feed = FEED) -> list[tuple[int, Cells | str]]:
    return [(number, found.message if isinstance(found, Misplaced) else found) for number, found in feed.rows(document)]


def test_each_event_is_a_row_with_what_stands_around_it() -> None:
    trackers = [{"id": "A", "events": [{"code": "1"}, {"code": Digits("2")}]}, {"id": "B", "events": [{}]}, {"id": "C"}]
    assert rows({"carrier": "Snail", "trackers": trackers}) == [
        (1, {"carrier": "Snail", "trackers[].id": "A", "trackers[].events[].code": "1"}),
        (1, {"carrier": "Snail", "trackers[].id": "A", "trackers[].events[].code": "2"}),
        (2, {"carrier": "Snail", "trackers[].id": "B", "trackers[].events[].code": None}),
    ]


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ("text", "trackers[] is text, not an object"),
        ({"id": "A", "events": "none"}, "trackers[].events[] is text, not an array"),
        ({"id": "A", "events": [Digits("5")]}, "trackers[].events[] is a number, not an object"),
        ({"id": "A", "events": [{"code": ["1"]}]}, "trackers[].events[].code is an array, not text or a number"),
        ({"id": {}, "events": [{"code": "1"}]}, "trackers[].id is an object, not text or a number"),
    ],
)
def test_what_is_misplaced_is_told_alone(odd: Any, said: str) -> None:
    good = {"id": "B", "events": [{"code": "1"}]}
    found = rows({"trackers": [odd, good]})
    assert found[0] == (1, said)
    assert found[1:] == [(2, {"carrier": None, "trackers[].id": "B", "trackers[].events[].code": "1"})]


def test_one_object_stands_for_an_array_of_one() -> None:
    assert len(rows({"trackers": {"id": "A", "events": {"code": "1"}}})) == 1


def test_the_document_may_be_the_array_or_the_row_itself() -> None:
    assert rows([{"a": "1"}, {"a": "2"}], Feed("[]", ("[].a",))) == [(1, {"[].a": "1"}), (2, {"[].a": "2"})]
    assert rows({"a": {"b": ["x", "y"]}}, Feed("", ("a.b[-1]", "a.b[2]"))) == [(1, {"a.b[-1]": "y", "a.b[2]": None})]
    assert rows("text", Feed("", ("a",))) == [(1, "the document is text, not an object")]


def test_texts_of_two_places_stand_one_after_another() -> None:
    feed = Feed("events[]", ("events[].date + events[].clock",))
    assert rows({"events": [{"date": "d", "clock": "c"}, {"date": "d"}, {}]}, feed) == [
        (number, {feed.cells[0]: text}) for number, text in enumerate(("d c", "d", None), start=1)
    ]


def test_words_that_tell_nothing_are_passed_over() -> None:
    feed = Feed("[]", ("[].code",), "[].code", frozenset({"REG"}))
    assert rows([{"code": "REG"}, {"code": "DLV"}], feed) == [(2, {"[].code": "DLV"})]
