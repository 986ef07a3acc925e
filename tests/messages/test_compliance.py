"""The compliance report: who sends what with which fault, and the first cases of each."""

from __future__ import annotations

from datetime import date

import pytest

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding
from entrepost.mail.report import LATE, REASON_MISSING
from entrepost.messages.compliance import ComplianceParams, draw_days, report_compliance
from entrepost.messages.hearing import Heard

MONTH = [date(2026, 11, day) for day in range(1, 31)]


def heard(day: date | None, *faults: str, sender: str = "NL101", message: str = "EMSEVT", noun: object = "n") -> Heard:
    findings = tuple(Finding(code, "", "so it is", "LX1", 5, "mend it", "warning") for code in faults)
    return Heard(message, "one.edi", sender, "US101", "D1", day, noun, findings)


def test_the_three_parts_are_counted_by_sender_and_message() -> None:
    told = [
        heard(MONTH[0]),
        heard(MONTH[0], LATE, LATE),
        heard(MONTH[1], LATE, noun=None),
        heard(MONTH[1], REASON_MISSING, sender="US101"),
    ]
    report = report_compliance(told)
    assert [(row.sender, row.messages, row.usable, row.faultless, row.faults) for row in report.overview] == [
        *(("NL101", 3, 2, 1, 3), ("US101", 1, 1, 0, 1))
    ]
    assert [(row.sender, row.code, row.faults, row.messages) for row in report.issues] == [
        *(("NL101", LATE, 3, 2), ("US101", REASON_MISSING, 1, 1))
    ]
    assert [(case.code, case.document, case.place, case.segment) for case in report.cases] == [
        *([(LATE, "D1", "one.edi", 5)] * 3),
        (REASON_MISSING, "D1", "one.edi", 5),
    ]
    assert (report.days, report.passed_over) == ((), 0)


def test_the_first_ten_cases_of_each_fault_are_shown() -> None:
    report = report_compliance([heard(MONTH[0], LATE, REASON_MISSING)] * 12)
    assert [issue.faults for issue in report.issues] == [12, 12]
    assert len(report.cases) == 20


@pytest.mark.parametrize(("count", "early"), [(2, 1), (4, 2), (7, 3)])
def test_days_are_drawn_from_both_parts_of_the_week_and_the_same_by_the_same_seed(count: int, early: int) -> None:
    days = draw_days(2026, 11, count, 7)
    assert len({*days}) == count
    assert sum(day.weekday() <= 2 for day in days) == early
    assert days == draw_days(2026, 11, count, 7)
    assert {*draw_days(2026, 11, 2, 7)} <= {*days}
    assert any(draw_days(2026, 11, count, seed) != days for seed in range(5))


def test_two_days_of_a_large_sender_four_of_a_small_one_and_seven_of_cardit_are_looked_at() -> None:
    told = [
        *(heard(day) for day in MONTH for _ in range(2)),
        *(heard(day, sender="US101") for day in MONTH),
        *(heard(day, sender="NL101", message="CARDIT") for day in MONTH),
        heard(None, sender="US101"),
    ]
    report = report_compliance(told, ComplianceParams(seed=7, small_below=60))
    counts = {(row.sender, row.message): row.messages for row in report.overview}
    assert counts == {("NL101", "CARDIT"): 7, ("NL101", "EMSEVT"): 2 * 2, ("US101", "EMSEVT"): 4 + 1}
    assert report.passed_over == len(told) - sum(counts.values())
    assert len(report.days) == 7


def test_a_report_of_no_day_is_refused() -> None:
    with pytest.raises(MisuseError, match="one day"):
        ComplianceParams(days=0)
