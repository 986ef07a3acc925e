"""The feeds of an account: a mapping is kept once, and whatever it says its events are that account's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError, UnreadableInputError
from entrepost.operations.batches import Surroundings
from entrepost.operations.feeds import get_feed, list_feeds, record_feed, remove_feed, set_feed
from tests.operations.office import HOLDER
from tests.operations.shop import LAMP_NO, counts, two_items, write
from tests.operations.test_feed_source import MAPPING, document, happened, tracker

STOLEN = MAPPING.replace("[columns]", '[columns]\ntenant = "shipments[].tenant"')


def test_a_feed_is_kept_used_and_forgotten(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    set_feed(store, HOLDER, "carrier", STOLEN)
    assert [each.feed for each in list_feeds(store, "main")] == ["carrier"]
    content = document(tracker(LAMP_NO, happened("DEP", "2026-01-06T18:05:00")) | {"tenant": "other"})
    path = write(tmp_path / "sent.json", content.encode())
    assert counts(record_feed(store, "main", "carrier", path, Surroundings())) == (1, 1, 0, 0)
    remove_feed(store, HOLDER, "carrier")
    with pytest.raises(MissingRowError, match="no feed carrier"):
        get_feed(store, "main", "carrier")


def test_a_feed_that_makes_no_sense_is_not_kept(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    with pytest.raises(MisuseError, match="no name of a feed"):
        set_feed(store, HOLDER, "../carrier", MAPPING)
    with pytest.raises(MisuseError, match="joins no files"):
        set_feed(store, HOLDER, "carrier", '[join.x]\nfile = "/etc/passwd"\non = "y"')
    with pytest.raises(UnreadableInputError, match=r"of the feed: .* is no path"):
        set_feed(store, HOLDER, "carrier", json.loads('"[feed]\\n[columns]\\ncode = \\"a..b\\""'))
    with pytest.raises(MisuseError, match="at most"):
        set_feed(store, HOLDER, "carrier", "#" * 100_001)
    assert list_feeds(store, "main") == []
