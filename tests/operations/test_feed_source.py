"""A carrier's tracking in nested JSON comes in by a mapping; what nobody understands loses nothing else."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.events import record_event_file
from entrepost.operations.feed_paths import Feed
from entrepost.operations.mapping import load_mapping
from entrepost.operations.progress import Outcome
from entrepost.operations.source import Form, read_chunks, read_columns
from entrepost.operations.store import Store
from entrepost.operations.track import track
from tests.operations.shop import LAMP_NO, MUG_NO, counts, two_items, write

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "feeds.md"


def block(language: str) -> str:
    """The first block of the guide in a language."""
    found = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


MAPPING = block("toml")


def happened(code: str, time: str, country: str = "DE", **more: Any) -> dict[str, Any]:
    return {"timestamp": time, "statusCode": code, "location": {"address": {"countryCode": country}}} | more


def tracker(item_id: str, *events: Any) -> dict[str, Any]:
    return {"id": item_id, "events": list(events)}


def record(store: Store, folder: Path, content: str | bytes, mapping: str = MAPPING, name: str = "f.json") -> Outcome:
    how = load_mapping(write(folder / "carrier.toml", mapping.encode()), "events")
    path = write(folder / name, content if isinstance(content, bytes) else content.encode())
    return record_event_file(store, path, how)


def document(*trackers: Any) -> str:
    return json.dumps({"shipments": list(trackers)})


def status(store: Store, item_id: str) -> str:
    return str(store.list_items().filter(pl.col("item_id") == item_id).get_column("status")[0])


def test_the_example_of_the_guide_runs(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    outcome = record(store, tmp_path, block("json"))
    assert (counts(outcome), outcome.findings) == ((4, 3, 0, 1), {"event_code_unknown": 1})
    told = [(each.code, each.reason, each.time.isoformat()) for each in track(store, LAMP_NO).events]
    assert told == [("EMD", "", "2026-01-08T07:53:47+09:00"), ("EMC", "", "2026-01-06T18:05:00+01:00")]
    (failed,) = track(store, MUG_NO).events
    assert (failed.code, failed.reason, failed.time.isoformat()) == ("EMH", "ABSENT", "2026-01-09T14:30:00-05:00")


def test_p6_an_offset_is_kept_and_the_instant_is_true(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    record(store, tmp_path, document(tracker(LAMP_NO, happened("ARR", "2026-01-08T07:53:47+09:00"))))
    (arrived,) = track(store, LAMP_NO).events
    assert arrived.time.astimezone(UTC) == datetime(2026, 1, 7, 22, 53, 47, tzinfo=UTC)
    assert arrived.time.utcoffset() == timedelta(hours=9)


def test_p7_an_unknown_code_is_put_aside_and_is_never_in_transit(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    outcome = record(store, tmp_path, document(tracker(LAMP_NO, happened("999", "2026-01-08T07:00:00Z"))))
    assert (counts(outcome), status(store, LAMP_NO)) == ((1, 0, 0, 1), "pending")
    (finding,) = store.list_findings(outcome.intake).rows(named=True)
    assert (finding["code"], finding["message"]) == ("event_code_unknown", "999 is not known; the event is kept aside")
    assert "999" in finding["raw"]
    assert LAMP_NO in finding["raw"]


def test_p8_a_bad_date_among_three_trackers_loses_itself_only(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    good = happened("DEP", "2026-01-06T18:05:00")
    bad = tracker(MUG_NO, happened("DEP", "not-a-date"), happened("ARR", "2026-01-08T10:00:00"))
    outcome = record(store, tmp_path, document(tracker(LAMP_NO, good), bad, tracker("LX000000028CN", good)))
    assert outcome.findings == {"instant_impossible": 1, "event_item_unknown": 1}
    assert counts(outcome) == (4, 2, 0, 2)
    assert [each.code for each in track(store, MUG_NO).events] == ["EMD"]
    assert [row for (row,) in store.list_findings(outcome.intake).select("row").rows()] == [2, 3]


def test_a_tracker_that_is_none_loses_itself_only(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    outcome = record(store, tmp_path, document("text", tracker(MUG_NO, happened("DEP", "2026-01-06T18:05:00"))))
    assert (counts(outcome), outcome.findings) == ((2, 1, 0, 1), {"row_unreadable": 1})


def test_the_same_feed_again_changes_nothing(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    first = happened("DEP", "2026-01-06T18:05:00")
    record(store, tmp_path, document(tracker(LAMP_NO, first)))
    outcome = record(store, tmp_path, document(tracker(LAMP_NO, first, happened("ARR", "2026-01-08T10:00:00"))))
    assert counts(outcome) == (2, 1, 1, 0)


def test_documents_come_line_by_line_and_gzipped(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    lines = [document(tracker(LAMP_NO, happened("DEP", "2026-01-06T18:05:00"))), "{broken", "[1]", document()]
    content = gzip.compress("\n".join(lines).encode())
    outcome = record(store, tmp_path, content, name="f.jsonl.gz")
    assert (counts(outcome), outcome.findings) == ((2, 1, 0, 1), {"row_unreadable": 1})


def test_a_time_whose_place_nobody_knows_is_a_finding_and_no_guess(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    outcome = record(store, tmp_path, document(tracker(LAMP_NO, happened("DEP", "2026-01-06T18:05:00", "RU"))))
    assert outcome.findings == {"instant_without_zone": 1}


def test_dates_and_clocks_that_stand_apart_are_put_together(tmp_path: Path) -> None:
    mapping = """
        [feed]
        each = "results[].scans[]"
        [columns]
        item_id = "results[].numbers[0].value"
        code = "results[].scans[].type + results[].scans[].code"
        time = "results[].scans[].date + results[].scans[].clock + results[].scans[].offset"
        [times]
        format = "%Y%m%d %H%M%S %z"
        zone = "Europe/Berlin"
        [codes]
        "D 9E" = "EMI"
        "I 3" = ["EME", "INVOICE_MISSING"]
        """
    scans = [
        {"type": "D", "code": "9E", "date": 20260109, "clock": "075347", "offset": "+09:00"},
        {"type": "I", "code": 3, "date": "20260107", "clock": "075347"},
    ]
    store = two_items(tmp_path)
    one = {"results": {"numbers": [{"value": LAMP_NO}], "scans": scans}}
    assert counts(record(store, tmp_path, json.dumps(one), mapping)) == (2, 2, 0, 0)
    told = [(each.code, each.reason, each.time.isoformat()) for each in track(store, LAMP_NO).events]
    assert told == [
        ("EMI", "", "2026-01-09T07:53:47+09:00"),
        ("EME", "INVOICE_MISSING", "2026-01-07T07:53:47+01:00"),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('[feed]\neach = "events"', "is no array of rows"),
        ('[feed]\neach = "events[]"\n[columns]\ncode = "other[].code"', "walks through another array"),
        ('[feed]\neach = "events[]"\n[columns]\ncode = "events[]..code"', "is no path"),
        ('[feed]\n[columns]\ncode = "c"\n[codes]\nX = "ZZZ"', "must be a code of EMSEVT"),
        ('[feed]\n[columns]\ncode = "c"\n[codes]\nX = ["EMH", "WHY"]', "which is not known"),
        ('[feed]\n[codes]\nX = "EMI"', "needs `code`"),
        ('[feed]\n[join.more]\nfile = "x.csv"\non = "y"', "no file is joined"),
        ('[zones]\nX = "Europe/Nowhere"', "Europe/Nowhere"),
    ],
)
def test_a_mapping_that_makes_no_sense_says_where(tmp_path: Path, wrong: str, said: str) -> None:
    with pytest.raises(UnreadableInputError, match=re.escape(said)):
        load_mapping(write(tmp_path / "m.toml", wrong.encode()), "events")


@pytest.mark.parametrize("content", ["", "{", "[" * 100_000])
def test_a_document_that_is_none_is_refused_whole(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "f.json", content.encode())
    with pytest.raises(UnreadableInputError, match="no JSON document"):
        next(read_chunks(path, Form(feed=Feed("events[]"))))


def test_json_without_a_feed_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"\[feed\] each"):
        read_columns(write(tmp_path / "f.json", b"{}"), Form())
