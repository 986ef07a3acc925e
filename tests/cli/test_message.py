"""Messages at the command line: read, checked, recorded, written."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from entrepost.mail.report import ItemReport
from entrepost.messages import emsevt, plain, predes
from entrepost.messages.edifact import Envelope
from entrepost.messages.emsevt import Emsevt
from entrepost.wiring import open_store
from tests.cli.shell import entrepost
from tests.messages import mail_between
from tests.operations.dispatching.others import announced, told
from tests.operations.exchanged import exchange

SENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ADDRESS = ("--sender", "US101", "--recipient", "CN101", "--reference", "R1", "--prepared", "2026-11-23T07:00")
MESSAGE = Emsevt("D1", SENT, (ItemReport("LX261122017NL", "EMD", SENT, "USQQQA"),), office="USQQQB")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with one message, whose place is of no network, and a file of zones."""
    envelope = Envelope("US101", "CN101", SENT.replace(hour=7), "R1", "EMSEVT")
    (tmp_path / "zones.csv").write_text("place,time_zone\nUSQQQA,America/New_York\n", encoding="utf-8")
    (tmp_path / "one.edi").write_bytes(emsevt.write([MESSAGE], envelope, {"USQQQA": "America/New_York"}))
    return tmp_path


def test_what_is_read_is_plain_json_and_is_written_again(desk: Path) -> None:
    answer = entrepost("message", "read", "one.edi", "--zones", "zones.csv", folder=desk)
    assert (answer.code, answer.err) == (0, "")
    assert plain.read(answer.out.encode()).messages == (MESSAGE,)
    (desk / "one.jsonl").write_text(answer.out, encoding="utf-8")
    written = entrepost(
        "message", "write", "one.jsonl", "--out", "two.edi", *ADDRESS, "--zones", "zones.csv", folder=desk
    )
    assert written.code == 0, written.err
    assert (desk / "two.edi").read_bytes() == (desk / "one.edi").read_bytes()


def test_an_envelope_is_told_as_a_whole_or_not_at_all(desk: Path) -> None:
    (desk / "one.jsonl").write_text(json.dumps(plain.to_plain(MESSAGE)), encoding="utf-8")
    for options in ((), ADDRESS[:2]):
        answer = entrepost("message", "write", "one.jsonl", "--out", "two.edi", *options, folder=desk)
        assert answer.code == 1
        assert "envelope" in answer.err


def test_faults_are_counted_and_shown(desk: Path) -> None:
    (desk / "bad.edi").write_bytes(b"hello")
    answer = entrepost("message", "lint", "one.edi", "bad.edi", "--json", folder=desk)
    assert answer.code == 3
    assert answer.facts["messages"] == {"EMSEVT": 1}
    assert answer.facts["codes"] == {"message_zone_unknown": 2, "message_unreadable": 1}
    shown = entrepost("message", "lint", "one.edi", "--zones", "zones.csv", folder=desk)
    assert (shown.code, shown.out.splitlines()) == (0, ["1 EMSEVT", "0 findings"])


def test_events_of_messages_are_recorded_once(shop: Path, desk: Path) -> None:
    assert entrepost("intake", "orders.csv", "--network", "network", folder=shop).code == 0
    command = ("message", "record", str(desk / "one.edi"), "--network", "network", "--json")
    answer = entrepost(*command, "--zones", str(desk / "zones.csv"), folder=shop)
    assert answer.code == 3
    assert answer.facts["findings"] == {"event_item_unknown": 1}
    assert "no item LX261122017NL" in answer.err


def test_the_compliance_report_is_drawn_in_its_three_parts(desk: Path) -> None:
    late = Emsevt("D2", SENT, (ItemReport("LX261122017NL", "EME", SENT.replace(day=20), "USQQQA"),), office="USQQQB")
    envelope = Envelope("US101", "CN101", SENT.replace(hour=7), "R2", "EMSEVT")
    (desk / "two.edi").write_bytes(emsevt.write([late], envelope, {"USQQQA": "America/New_York"}))
    command = ("message", "report", "one.edi", "two.edi", "--zones", "zones.csv")
    answer = entrepost(*command, "--json", folder=desk)
    assert answer.code == 0, answer.err
    (row,) = answer.facts["overview"]
    assert (row["sender"], row["messages"], row["faultless"]) == ("US101", 2, 1)
    assert {issue["code"] for issue in answer.facts["issues"]} == {"report_late", "report_reason_missing"}
    shown = entrepost(*command, "--out", "report.html", folder=desk)
    assert "US101 EMSEVT: 1 of 2 faultless, 2 usable, 2 faults" in shown.out
    assert "report_late" in (desk / "report.html").read_text(encoding="utf-8")
    assert entrepost(*command, "--out", "report.doc", folder=desk).code == 1


def test_what_is_open_between_operators_is_told_with_whom_to_ask(desk: Path) -> None:
    zones = {"NLHAGI": "Europe/Amsterdam"}
    (desk / "zones.csv").write_text("place,time_zone\nNLHAGI,Europe/Amsterdam\n", encoding="utf-8")
    envelope = Envelope("NL101", "US101", SENT.replace(hour=7), "R3", "PREDES")
    (desk / "predes.edi").write_bytes(predes.write([mail_between.predes()], envelope, zones))
    command = ("message", "reconcile", "predes.edi", "--zones", "zones.csv", "--now", "2026-11-20T12:00:00+00:00")
    answer = entrepost(*command, "--json", folder=desk)
    assert answer.code == 0, answer.err
    assert answer.facts["codes"] == {"item_without_advance_data": 3, "dispatch_unanswered": 1}
    shown = entrepost(*command, "--air-days", "30", folder=desk)
    assert shown.out.splitlines()[0] == "3 open"
    assert "(ask NLHAGI)" in shown.out


def test_what_was_exchanged_is_reported_and_reconciled_from_the_store(tmp_path: Path) -> None:
    store = open_store(tmp_path / "post.db")
    exchange(store)
    told(store, announced(7, closed_at=store.clock.now() - timedelta(days=12)))
    store.close()
    report = entrepost("message", "report", "--store", "post.db", "--json", folder=tmp_path).facts
    counts = {(row["sender"], row["message"]): row["messages"] for row in report["overview"]}
    assert counts == {
        ("CN101", "EMSEVT"): 2,
        ("NL101", "EMSEVT"): 2,
        ("NL101", "ITMATT"): 1,
        ("NL101", "PREDES"): 1,
    }
    opened = entrepost("message", "reconcile", "--store", "post.db", "--json", folder=tmp_path).facts
    assert opened["codes"] == {"item_without_advance_data": 2, "dispatch_unanswered": 1}
