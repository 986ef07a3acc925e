"""Every label of a dispatch is read back by a scanner at the printer's own resolution."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.base.errors import MisuseError
from entrepost.documents.receptacle_label import draw_receptacle_labels
from tests.documents.labels.made_up import read_codes, read_text, render
from tests.documents.made_up_mail import dispatch, papers


def test_all_labels_of_a_batch_are_read_back() -> None:
    codes = [read_codes(page) for page in render(draw_receptacle_labels(papers(bags=12)))]
    assert codes == [{("Code128", each.receptacle_id)} for each in dispatch(bags=12).receptacles]


@pytest.mark.parametrize(
    ("kind", "form"),
    [("AUN", "CN 35"), ("BUN", "CN 36"), ("CUN", "CN 34"), ("ACN", "CP 84"), ("BCN", "CP 85"), ("CCN", "CP 83")],
)
def test_the_label_is_that_of_class_and_category(kind: str, form: str) -> None:
    (page,) = read_text(draw_receptacle_labels(papers(bags=1, kind=kind)))
    assert form in page


def test_some_labels_may_be_printed_alone_and_in_other_formats() -> None:
    last = dispatch().receptacles[1].receptacle_id
    (page,) = render(draw_receptacle_labels(papers(), only={last}))
    assert read_codes(page) == {("Code128", last)}
    assert draw_receptacle_labels(papers(), "zpl").count(b"^XZ") == 2
    with pytest.raises(MisuseError, match="no sheet"):
        draw_receptacle_labels(papers(), only={"none"})


def test_a_name_that_does_not_fit_is_told_and_nothing_is_printed() -> None:
    with pytest.raises(MisuseError, match="operator"):
        draw_receptacle_labels(replace(papers(), operator="A post with a name " * 40))
