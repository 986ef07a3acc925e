"""The label: what the Data Matrix says, and what stands where."""

from __future__ import annotations

import pytest

from entrepost.documents.labels.front import HEIGHT, WIDTH, draw_front, machine_text
from entrepost.documents.labels.sheet import Words
from tests.documents.labels.made_up import CODE, RECIPIENTS, papers


def test_the_data_matrix_says_item_country_postcode_and_grams() -> None:
    assert machine_text(papers()) == f"{CODE}/DE/10115/560"
    assert machine_text(papers(recipient_postcode="sw1a 1-aa/x^")) == f"{CODE}/DE/SW1A1AAX/560"


@pytest.mark.parametrize("script", RECIPIENTS)
def test_all_words_stand_on_the_label(script: str) -> None:
    sheets, findings = draw_front(papers(recipient=RECIPIENTS[script]))
    assert findings == []
    for mark in sheets[0].marks:
        assert 0 <= mark.x <= WIDTH
        assert 0 <= mark.y <= HEIGHT
        if isinstance(mark, Words):
            assert mark.x + mark.shaped.measure(mark.size) <= WIDTH


def test_the_label_names_the_form_that_goes_with_it() -> None:
    said = [mark.shaped.text for mark in draw_front(papers())[0][0].marks if isinstance(mark, Words)]
    assert "CN 22" in said
    assert "0.560 kg" in said
