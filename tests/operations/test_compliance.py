"""The compliance report as a page: the same figures, and nothing of it runs in a browser."""

from __future__ import annotations

from entrepost.documents.page import Table, render_page
from entrepost.messages.compliance import report_compliance
from entrepost.operations.compliance import draw_compliance
from tests.messages.test_compliance import LATE, MONTH, heard


def test_the_page_has_the_three_parts_with_their_tables() -> None:
    page = draw_compliance(report_compliance([heard(MONTH[0]), heard(MONTH[0], LATE, sender="<b>")]))
    overview, issues, cases = (part for section in page.sections for part in section.parts)
    assert isinstance(overview, Table)
    assert overview.list_rows()[1] == ["NL101", "EMSEVT", "1", "1", "1", "0", "100.0 %"]
    assert isinstance(issues, Table)
    assert issues.list_rows()[0][2] == LATE
    assert isinstance(cases, Table)
    assert cases.list_rows()[0][3:6] == ["D1", "one.edi", "5"]
    assert page.cards[1].before == "50.0 %"
    assert "&lt;b&gt;" in render_page(page)


def test_a_page_of_nothing_says_so() -> None:
    page = draw_compliance(report_compliance([]))
    assert page.cards[1].before == "–"
    assert page.sections[1].paragraphs == ("There is none.",)
