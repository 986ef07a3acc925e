"""A page on paper: a PDF that takes no text for markup, with pictures, their words and the first rows of tables."""

from __future__ import annotations

import polars as pl
import pytest

from entrepost.documents.charts import draw_journey
from entrepost.documents.page import Figure, Page, Section, render_part
from entrepost.documents.paper import ROWS_OF_PICTURE, ROWS_SHOWN, render_pdf, tell_page
from entrepost.documents.table import Column, Table
from tests.documents.made_up import steps
from tests.documents.test_page import EVIL, page

MARKUP = '#panic("no") = heading _em_ *strong* $x$ @label <label> \\ ` // /* 深圳'


@pytest.mark.parametrize("text", ["plain", MARKUP, EVIL])
def test_a_page_becomes_a_pdf_whatever_its_texts_are(text: str) -> None:
    pdf = render_pdf(page(text))
    assert pdf.startswith(b"%PDF-")
    assert b"%%EOF" in pdf[-32:]


def test_a_page_without_cards_and_pictures_becomes_a_pdf() -> None:
    assert render_pdf(Page("Empty", "", (), (), ())).startswith(b"%PDF-")


def test_long_tables_are_cut_and_say_how_many_rows_there_are() -> None:
    frame = pl.DataFrame({"label": [f"step {number}" for number in range(99)], "days": [1.0] * 99})
    table = Table(frame, (Column("label", "Step"), Column("days", "Days", "days")))
    figure = Figure("journey", "Days", "Bars", draw_journey(steps()), table)
    told = tell_page(Page("Long", "", (), (), (Section("wait", "Wait", (), (figure, table)),)))
    first, second = told["sections"][0]["parts"]
    assert [len(each["table"]["rows"]) for each in (first, second)] == [ROWS_OF_PICTURE, ROWS_SHOWN]
    assert {each["table"]["count"] for each in (first, second)} == {99}


def test_long_texts_share_the_room_and_numbers_take_what_they_need() -> None:
    frame = pl.DataFrame({"code": ["DE"], "words": ["a rule that needs many more words than a country"], "days": [1.0]})
    columns = (Column("code", "Country"), Column("words", "Words"), Column("days", "Days", "days"))
    told = tell_page(Page("Widths", "", (), (), (Section("wait", "Wait", (), (Table(frame, columns),)),)))
    assert [width > 0 for width in told["sections"][0]["parts"][0]["table"]["widths"]] == [False, True, False]


def test_a_part_for_notebooks_has_pictures_and_no_scripts() -> None:
    html = render_part(page(EVIL))
    assert html.count("<img ") == 1
    assert "<script" not in html
    assert "&lt;script&gt;" in html
