"""What others report becomes an event, of which the reason that decides is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.report import CarriageReport, ItemReport
from tests.mail.bags import PACKET, at

TIME = at("2026-11-27T11:30:00-05:00")
ATTEMPT = ItemReport(PACKET, "EMH", TIME, "US10001", "ABSENT", "NOTICE_LEFT")


@pytest.mark.parametrize(
    ("reason", "measure", "kept"),
    [
        ("ABSENT", "NOTICE_LEFT", "ABSENT"),
        ("REFUSED", "RETURNED", "RETURNED"),
        ("", "WILL_REDELIVER", "WILL_REDELIVER"),
        ("", "", ""),
    ],
)
def test_an_event_keeps_the_reason_that_decides_what_follows(reason: str, measure: str, kept: str) -> None:
    event = replace(ATTEMPT, reason=reason, measure=measure).to_event(at("2026-11-28T09:30:00+01:00"), "post")
    assert (event.reason, event.facility, event.time, event.tenant) == (kept, "US10001", TIME, "post")


@pytest.mark.parametrize("changes", [{"item_id": ""}, {"code": ""}, {"office": ""}, {"time": datetime(2026, 1, 1)}])  # noqa: DTZ001 - without a zone is the point
def test_a_report_says_of_what_when_and_where(changes: dict[str, object]) -> None:
    with pytest.raises(MisuseError):
        replace(ATTEMPT, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("changes", [{"status": "eaten"}, {"place": ""}, {"time": datetime(2026, 1, 1)}])  # noqa: DTZ001 - without a zone is the point
def test_a_report_of_carriage_has_a_known_status_a_place_and_an_instant(changes: dict[str, object]) -> None:
    with pytest.raises(MisuseError):
        replace(CarriageReport("received", TIME, "JFK"), **changes)  # type: ignore[arg-type]
