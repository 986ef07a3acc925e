"""Events of items come in as they went out, local times get their zone, and one bad event loses no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from entrepost.base.errors import IncomingMessageError, MisuseError, OutgoingMessageError
from entrepost.mail.report import ItemReport
from entrepost.messages import emsevt
from entrepost.messages.emsevt import Emsevt
from tests.messages.letters import ENVELOPE, ZONES, address, emsevts, without_layout

NEW_YORK = {"USJFKA": "America/New_York", "US10001": "America/New_York"}
EVENT = "CNI+1+LX261122017NL'STS+1+EMD::139'DTM+334:2611230640:201'LOC+14+USJFKA::139'"


def letter(*events: str, head: str = "LOC+80+NLHAGI::139'") -> bytes:
    """An interchange with one message of these groups."""
    body = "BGM+23+D1+9'DTM+137:202611280930:203'" + head + "".join(events)
    count = body.replace("?'", "").count("'") + 2
    text = f"UNB+UNOC:3+NL101+US101+261128:0930+R1'UNH+1+EMSEVT:3:0:UP'{body}UNT+{count}+1'UNZ+1+R1'"
    return text.encode("latin-1")


def codes(data: bytes, zones: dict[str, str] = NEW_YORK) -> list[str]:
    return [finding.code for finding in emsevt.read(data, zones).findings]


@given(emsevts())
@settings(max_examples=60)
def test_what_is_written_is_read(message: Emsevt) -> None:
    received = emsevt.read(emsevt.write([message], ENVELOPE, ZONES), ZONES)
    assert received.messages == (message,)
    assert {finding.level for finding in received.findings} <= {"warning"}


@pytest.mark.shared
def test_the_constructed_sample_is_read_and_written_as_it_was(shared: Path) -> None:
    data = (shared / "postal/samples/constructed/emsevt_v3_profile.edi").read_bytes()
    received = emsevt.read(data, NEW_YORK)
    (message,) = received.messages
    assert [report.code for report in message.reports] == ["EMA", "EMC", "EMD", "EME", "EDC", "EMF", "EMH", "EMI"]
    attempt = message.reports[6]
    assert (attempt.reason, attempt.measure, attempt.office) == ("ABSENT", "NOTICE_LEFT", "US10001")
    assert attempt.time == datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
    assert message.reports[1].subject == "NLHAGIUSJFKAAUN60017001000125"
    assert received.findings == ()
    assert without_layout(emsevt.write([message], address(data))) == without_layout(data)


def test_a_local_time_becomes_an_instant_and_keeps_its_offset() -> None:
    (message,) = emsevt.read(letter(EVENT), NEW_YORK).messages
    (report,) = message.reports
    assert report.time.isoformat() == "2026-11-23T06:40:00-05:00"
    assert message.sent_at.isoformat() == "2026-11-28T09:30:00+01:00"


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("2610250130", "2026-10-25T01:30:00-04:00"),
        ("2611010130", "2026-11-01T01:30:00-04:00"),  # comes twice: the first one
        ("2603080230", "2026-03-08T02:30:00-05:00"),  # left out: as if the clock had not changed yet
    ],
)
def test_hours_that_the_clock_doubles_or_leaves_out_are_told_as_everywhere_else(local: str, instant: str) -> None:
    (message,) = emsevt.read(letter(EVENT.replace("2611230640", local)), NEW_YORK).messages
    assert message.reports[0].time.isoformat() == instant


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (("EMD::139", "EMQ::139"), "message_code_unknown"),
        (("EMD::139", "EMD::3"), "message_constant_differs"),
        (("2611230640:201", "2611310640:201"), "message_value_malformed"),
        (("2611230640:201", "2611230640:777"), "message_value_malformed"),
        (("USJFKA", "USQQQQ"), "message_zone_unknown"),
        (("LOC+14+USJFKA::139'", ""), "message_part_missing"),
        (("LX261122017NL", ""), "message_part_missing"),
    ],
)
def test_a_bad_event_is_a_finding_and_the_others_stay(bad: tuple[str, str], code: str) -> None:
    data = letter(EVENT, EVENT.replace(*bad), EVENT)
    received = emsevt.read(data, NEW_YORK)
    assert len(received.messages[0].reports) == 2
    finding = next(each for each in received.findings if each.level == "error")
    assert finding.code == code
    assert 10 <= finding.row <= 13  # the second event's segments
    assert data[finding.offset :].startswith((b"CNI", b"STS", b"DTM", b"LOC"))  # type: ignore[attr-defined]


def test_an_attempt_without_its_measure_and_an_unknown_reason_are_warned_of() -> None:
    attempt = EVENT.replace("EMD::139", "EMH::139+77::139")
    received = emsevt.read(letter(attempt), NEW_YORK)
    assert [finding.code for finding in received.findings] == ["message_code_unknown", "message_part_missing"]
    assert {finding.level for finding in received.findings} == {"warning"}
    assert received.messages[0].reports[0].reason == ""


def test_what_no_profile_knows_is_told_and_left_out() -> None:
    received = emsevt.read(letter(EVENT, "QTY+1:5'"), NEW_YORK)
    assert [finding.code for finding in received.findings] == ["message_part_unexpected"]
    assert len(received.messages[0].reports) == 1


def test_a_head_that_cannot_be_read_costs_its_message() -> None:
    assert "message_part_missing" in codes(letter(EVENT).replace(b"BGM+23+D1+9'", b"FTX+AAI'"))


def test_a_message_of_which_all_is_wrong_is_told_of_a_thousand_times_at_most() -> None:
    assert len(codes(letter("QTY+1:5'" * 3_000))) == 1_000


def test_another_message_is_not_read_as_this_one() -> None:
    assert codes(letter(EVENT).replace(b"EMSEVT:3:0", b"PREDES:2:1")) == ["message_type_unexpected"]
    assert codes(letter(EVENT).replace(b"EMSEVT:3:0", b"EMSEVT:1:0")) == ["message_version_differs"]


def test_no_interchange_is_refused() -> None:
    with pytest.raises(IncomingMessageError):
        emsevt.read(b"hello")


def test_a_reason_without_a_code_is_not_sent() -> None:
    report = ItemReport("LX261122017NL", "EMH", datetime(2026, 11, 1, tzinfo=UTC), "USJFKA", reason="BORED")
    with pytest.raises(OutgoingMessageError, match="BORED"):
        emsevt.write([Emsevt("D1", report.time, (report,))], ENVELOPE)


def test_what_only_some_posts_tell_is_read_where_it_stands() -> None:
    posted = (
        "CNI+1+LX261122017NL'TSR+++U::139'MEA+AAE+G+KGM:0.412'STS+1+EMA::139'DTM+334:2611230640:201'"
        "LOC+14+USJFKA::139'LOC+8+DE:162:5'"
    )
    waits = EVENT.replace("EMD", "EDH").replace("CNI+1", "CNI+2") + "LOC+7+:::Post office 10001'"
    received = emsevt.read(letter(posted, waits), NEW_YORK)
    (message,) = received.messages
    first, second = message.reports
    assert (first.mail_class, first.weight_g, first.destination) == ("U", 412, "DE")
    assert (second.code, second.delivery_place) == ("EDH", "Post office 10001")
    assert received.findings == ()
    with pytest.raises(MisuseError, match="is not U, C or E"):
        replace(first, mail_class="X")
