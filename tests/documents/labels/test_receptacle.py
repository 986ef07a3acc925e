"""A receptacle's label says what the number says, for people."""

from __future__ import annotations

from dataclasses import replace

from entrepost.documents.labels.pdf import write_pdf
from entrepost.documents.labels.receptacle import draw_receptacle, format_receptacle_id
from tests.documents.labels.made_up import read_text
from tests.documents.made_up_mail import papers


def text_of(letters: str = "LX") -> str:
    made = papers(letters=letters)
    bag = made.dispatch.receptacles[1]
    sheet, findings = draw_receptacle(replace(made, carried_by={bag.receptacle_id: "NLA000012345 BA431"}), bag)
    assert findings == []
    return read_text(write_pdf([sheet]))[0]


def test_the_label_says_where_to_what_it_weighs_and_how_it_goes() -> None:
    text = text_of()
    for words in ("NLHAGI", "USJFKA", "New York (JFK)", "12.5 kg", "0017", "002", "BA431", "LAST", "2026-03-02"):
        assert words in text
    assert "R/V" not in text


def test_a_bag_of_registered_items_is_marked() -> None:
    assert "R/V" in text_of("RB")


def test_numbers_are_read_in_groups() -> None:
    assert format_receptacle_id("NLHAGIUSJFKAAUN60017002100098") == "NLHAGI USJFKA A UN 6 0017 002 1 0 0098"
