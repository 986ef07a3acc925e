"""Events keep the offset of their place; a bad one is a finding and loses no other."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.mail.event import Event, check_event, parse_event, sift_events

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def cells(**changes: str) -> dict[str, str]:
    return {"item_id": "RB123456785JP", "code": "EMD", "time": "2026-03-01T07:53:47+09:00"} | changes


def codes(**changes: str) -> list[str]:
    return [finding.code for finding in check_event(cells(**changes), NOW)]


def test_the_offset_of_the_place_is_kept():
    event = parse_event(cells(), NOW)
    assert event.time.isoformat() == "2026-03-01T07:53:47+09:00"
    assert event.time.utcoffset() == timedelta(hours=9)
    assert event.recorded_at == NOW


def test_an_unknown_code_is_a_finding():
    assert codes(code="999") == ["event_code_unknown"]
    assert codes(code="emi") == ["event_code_unknown"]


def test_one_bad_date_among_three_loses_only_itself():
    rows = [cells(), cells(time="yesterday"), cells(code="EMI")]
    events, findings = sift_events(rows, NOW)
    assert [event.code for event in events] == ["EMD", "EMI"]
    assert [(finding.code, finding.row) for finding in findings] == [("event_time_malformed", 2)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"time": "2026-02-30T00:00:00Z"}, "event_time_malformed"),
        ({"time": "0001-01-01T00:00:00+09:00"}, "event_time_malformed"),
        ({"time": ""}, "event_time_malformed"),
        ({"time": "2026-03-01T07:53:47"}, "event_time_zoneless"),
        ({"time": "2026-03-03T12:00:01Z"}, "event_time_future"),
        ({"recorded_at": "2026-03-01"}, "event_time_zoneless"),
        ({"item_id": " "}, "event_item_missing"),
        ({"reason": "BECAUSE"}, "event_reason_unknown"),
    ],
)
def test_what_is_wrong_has_a_code(changes, code):
    assert codes(**changes) == [code]


def test_an_unknown_reason_loses_nothing_but_warns():
    events, findings = sift_events([cells(reason="BECAUSE")], NOW)
    assert (len(events), findings[0].level) == (1, "warning")


@given(st.dictionaries(st.sampled_from(["item_id", "code", "time", "recorded_at", "reason"]), st.text(max_size=30)))
def test_no_text_breaks_the_batch(changes):
    events, _ = sift_events([cells(**changes), cells()], NOW)
    assert events[-1] == parse_event(cells(), NOW)


def test_an_event_without_zone_cannot_be_made():
    with pytest.raises(MisuseError, match="zone"):
        Event("A", "EMA", datetime(2026, 3, 1), NOW)  # noqa: DTZ001 - without a zone is the point
    with pytest.raises(MisuseError, match="event_code_unknown"):
        parse_event(cells(code="999"), NOW)
