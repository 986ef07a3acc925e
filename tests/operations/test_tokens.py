"""Secrets that are shown once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.operations.tokens import find_token, new_token


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_a_token_is_read_back_whatever_the_account_is_called(tenant: str) -> None:
    token = new_token("k", tenant, "n1")
    assert find_token("k", str(token)) == token


@given(st.text(max_size=60))
def test_a_text_that_is_no_token_is_none(text: str) -> None:
    assert find_token("k", text) is None


def test_a_token_of_another_use_is_none() -> None:
    assert find_token("s", str(new_token("k", "main"))) is None


@pytest.mark.parametrize("text", ["epk.!.n.s", "epk..n.s", "epk.AA.n.s", "epk._w.n.s", "epk.bWFpbg.n." + "s" * 600])
def test_a_token_without_a_readable_account_is_none(text: str) -> None:
    assert find_token("k", text) is None


def test_only_the_same_secret_fits_and_its_hash_does_not_tell_it() -> None:
    token = new_token("k", "main")
    assert token.fits(token.hash)
    assert not new_token("k", "main").fits(token.hash)
    assert token.secret not in token.hash
