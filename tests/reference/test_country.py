"""Countries have the names that people know them by."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.codes.country import is_country
from entrepost.reference.country import get_country_name, list_countries


@pytest.mark.parametrize(("code", "name"), [("CN", "China"), ("BR", "Brazil"), ("TW", "Taiwan"), ("VN", "Vietnam")])
def test_a_country_has_its_common_name(code: str, name: str) -> None:
    assert get_country_name(code) == name


def test_every_country_is_listed_once() -> None:
    listed = list_countries()
    assert len(listed) == len(set(listed)) > 240
    assert all(is_country(code) for code in listed)


def test_where_there_is_no_country_there_is_no_name() -> None:
    with pytest.raises(MissingRowError, match="'XX' is not a country"):
        get_country_name("XX")
