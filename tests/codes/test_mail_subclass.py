"""Subclasses are two letters, the first of which is a class; the table says which are known."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.codes import mail_subclass
from tests.tidy.source import ROOT


def test_a_known_subclass_has_a_name() -> None:
    assert mail_subclass.parse(" un ") == "UN"
    assert mail_subclass.format("cc") == "CC"
    assert mail_subclass.check("UN") == []
    assert mail_subclass.get_name("CC") == "Parcels, e-commerce"


def test_an_unknown_subclass_of_a_class_is_a_warning() -> None:
    findings = mail_subclass.check("UZ")
    assert [(finding.code, finding.level) for finding in findings] == [("mail_subclass_unknown", "warning")]
    with pytest.raises(mail_subclass.MalformedSubclassError, match="not in the table"):
        mail_subclass.get_name("UZ")


@pytest.mark.parametrize("text", ["XX", "U", "UNN", "U1", "", "ÜN"])
def test_what_has_no_class_is_an_error(text: str) -> None:
    with pytest.raises(mail_subclass.MalformedSubclassError, match="such as UN"):
        mail_subclass.parse(text)
    assert [(finding.code, finding.level) for finding in mail_subclass.check(text)] == [
        ("mail_subclass_malformed", "error")
    ]


@given(st.text(max_size=4))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert len(mail_subclass.check(text)) <= 1


def test_every_data_file_says_where_it_comes_from_and_has_its_script() -> None:
    folder = mail_subclass.TABLE.parent
    sources = tomllib.loads((folder / "SOURCES.toml").read_text(encoding="utf-8"))
    assert sorted(sources) == sorted(path.stem for path in folder.glob("*.csv"))
    assert all((ROOT / source["script"]).is_file() for source in sources.values())
