"""Passwords as they are kept."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.passwords import PasswordParams, fits, hash_password, is_outdated
from tests.operations.office import CHEAP, PASSWORD


def test_only_the_password_fits_and_two_hashes_differ() -> None:
    kept = hash_password(PASSWORD, CHEAP)
    assert fits(PASSWORD, kept, CHEAP)
    assert not fits(PASSWORD + ".", kept, CHEAP)
    assert kept != hash_password(PASSWORD, CHEAP)


def test_nothing_fits_where_no_password_or_nonsense_is_kept() -> None:
    assert not fits(PASSWORD, "", CHEAP)
    assert not fits("nobody's password", "", CHEAP)
    assert not fits(PASSWORD, "nonsense", CHEAP)


@pytest.mark.parametrize("password", ["", "eleven sign", "x" * 201])
def test_a_password_has_12_to_200_characters(password: str) -> None:
    with pytest.raises(MisuseError, match="12 to 200"):
        hash_password(password, CHEAP)


def test_what_is_used_unless_told_otherwise_is_the_second_recommendation_of_rfc_9106() -> None:
    assert PasswordParams() == PasswordParams(passes=3, memory_kib=64 * 1024, lanes=4)


def test_a_hash_of_other_parameters_is_outdated() -> None:
    kept = hash_password(PASSWORD, CHEAP)
    assert not is_outdated(kept, CHEAP)
    assert is_outdated(kept, PasswordParams())
