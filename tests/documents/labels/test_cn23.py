"""CN 23: articles that find no room go on to another sheet, and none is lost."""

from __future__ import annotations

import re
from dataclasses import replace

from entrepost.documents.labels.cn23 import draw_cn23
from entrepost.documents.labels.pdf import write_pdf
from entrepost.mail.declaration import Declaration
from tests.documents.labels.made_up import SHIRTS, papers, read_text


def test_every_article_stands_on_one_of_the_sheets() -> None:
    contents = tuple(replace(SHIRTS, description=f"article number {number}", net_weight_g=1) for number in range(30))
    sheets, findings = draw_cn23(papers(declaration=Declaration("sale", "EUR", contents)))
    assert findings == []
    said = read_text(write_pdf(sheets))
    assert [f"Sheet {number} of {len(said)}" in page for number, page in enumerate(said, start=1)] == [True] * len(said)
    whole = "\n".join(said)
    assert sorted({int(each) for each in re.findall(r"article number (\d+)", whole)}) == list(range(30))
    assert whole.count("750.00 EUR") == len(said)


def test_a_description_as_high_as_the_form_is_told() -> None:
    long = Declaration("sale", "EUR", (replace(SHIRTS, description="words " * 400),))
    sheets, findings = draw_cn23(papers(declaration=long))
    assert len(sheets) == 1
    assert {each.code for each in findings} == {"label_text_long"}
