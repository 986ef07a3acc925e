"""A mapping is suggested from what a carrier sent; what codes mean is left to people."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.feed_draft import draft_feed
from entrepost.operations.mapping import parse_mapping
from tests.operations.shop import write
from tests.operations.test_feed_source import block


def drafted(folder: Path, content: Any, name: str = "feed.json") -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return draft_feed(write(folder / name, text.encode()))


def test_the_guides_example_is_understood_but_for_its_codes(tmp_path: Path) -> None:
    text = drafted(tmp_path, block("json"))
    mapping = parse_mapping(text, "events", tmp_path, "draft")
    assert mapping.form.feed is not None
    assert mapping.form.feed.each == "shipments[].events[]"
    assert mapping.columns == {
        "time": "shipments[].events[].timestamp",
        "code": "shipments[].events[].statusCode",
        "item_id": "shipments[].id",
        "facility": "shipments[].events[].location.address.countryCode",
    }
    assert mapping.zone_of == "shipments[].events[].location.address.countryCode"
    assert re.findall(r'^# "(\w+)" = "..."', text, re.MULTILINE) == ["ARR", "DEP", "REG", "NH", "999"]


@pytest.mark.parametrize(
    ("content", "each", "item"),
    [
        ([{"number": "LX1", "code": "A", "time": "2026-01-05"}], "[]", "[].number"),
        ({"trackingNumber": "LX1", "scans": [{"event_code": "A", "Date": "x"}]}, "scans[]", "trackingNumber"),
        ({"data": {"awb": "LX1", "status": "A", "time": "x"}}, "", "data.awb"),
    ],
)
def test_rows_are_found_at_whatever_depth(tmp_path: Path, content: Any, each: str, item: str) -> None:
    mapping = parse_mapping(drafted(tmp_path, content), "events", tmp_path, "draft")
    assert mapping.form.feed is not None
    assert (mapping.form.feed.each, mapping.columns["item_id"]) == (each, item)


def test_lines_are_read_together(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"id": "LX1", "code": code, "time": "x"}) for code in "ABA")
    assert '# "A" = "..."  # 2 times' in drafted(tmp_path, lines, "feed.jsonl")


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[]"])
def test_where_nothing_looks_like_events_it_says_so(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableInputError, match=r"feed\.json"):
        drafted(tmp_path, content)
