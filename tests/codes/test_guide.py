"""The guide to identifiers says what comes out."""

from __future__ import annotations

import doctest

from tests.tidy.source import ROOT

GUIDE = ROOT / "docs" / "guides" / "identifiers.md"
MODULES = ("s10", "office", "dispatch", "receptacle", "consignment", "waybill", "hs", "postcode")


def test_every_example_of_the_guide_gives_what_it_shows() -> None:
    answer = doctest.testfile(str(GUIDE), module_relative=False, encoding="utf-8")
    assert answer.attempted > 25
    assert answer.failed == 0


def test_every_identifier_has_its_example() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [name for name in MODULES if f"from entrepost.codes import {name}\n" not in text] == []
