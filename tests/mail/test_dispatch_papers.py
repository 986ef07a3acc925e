"""Papers know the names of offices, or none."""

from __future__ import annotations

from tests.documents.made_up_mail import consigned, papers


def test_an_office_that_nobody_named_has_no_name() -> None:
    assert [each.name_of("NLHAGI") for each in (papers(), consigned())] == ["The Hague"] * 2
    assert [each.name_of("DEFRAA") for each in (papers(), consigned())] == ["", ""]
