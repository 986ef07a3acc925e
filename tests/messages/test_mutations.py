"""Damaged messages of every kind end in findings or in one error, never in another."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import IncomingMessageError
from entrepost.messages import any_message, cusitm, cusrsp, itmatt, plain, refitm
from entrepost.messages.emsevt_bulk import read_bulk
from tests.messages import letters
from tests.messages.letters import ENVELOPE, ZONES

TREES = {"ITMATT": itmatt, "CUSITM": cusitm, "CUSRSP": cusrsp, "REFITM": refitm}
DRAWN: list[st.SearchStrategy[Any]] = [
    letters.emsevts(),
    letters.dispatches(),
    letters.consigned(letters.Cardit),
    letters.resdits(),
    letters.itmatts,
    letters.cusitms,
    letters.cusrsps,
    letters.refitms,
]
PIECES = [
    b"'",
    b"+",
    b":",
    b"?",
    b"\x1f",
    b"\xff",
    b"9" * 20,
    b"-1",
    b"NaN",
    b"1e9",
    b"\x00",
    b"<",
    b"null",
    b"[]",
    b"{}",
]
PIECES += [b"26133140", "١٢".encode(), b'""', b"true"]


def written(message: Any, form: int) -> bytes:
    """A message in one of its forms."""
    if form == 0:
        return plain.write(message)
    tree = TREES.get(type(message).__name__.upper())
    if tree is None:
        return any_message.write([message, message], ENVELOPE, ZONES)
    return tree.write(message, syntax="xml" if form == 1 else "json")  # type: ignore[attr-defined,no-any-return]


MUTATIONS = 2_000


@pytest.mark.campaign
def test_a_damaged_message_raises_nothing_else(campaign_scale: float) -> None:
    @given(st.data())
    @settings(max_examples=round(MUTATIONS * campaign_scale))
    def spoil(data: st.DataObject) -> None:
        read_damaged(data)

    spoil()


def read_damaged(data: st.DataObject) -> None:
    """Draw a message and a form of it, damage its bytes, read them by every door that takes them."""
    message, form = data.draw(st.one_of(DRAWN)), data.draw(st.integers(0, 2))
    given_ = written(message, form)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(given_)))
        given_ = given_[:place] + data.draw(st.sampled_from(PIECES)) + given_[place + data.draw(st.integers(0, 12)) :]
    tree = TREES.get(type(message).__name__.upper())
    with contextlib.suppress(IncomingMessageError):
        if tree is not None and form:
            tree.read(given_, ZONES, syntax="xml" if form == 1 else "json")  # type: ignore[attr-defined]
        else:
            any_message.read(given_, ZONES)
    if tree is None and form:
        read_bulk([("file", given_)], ZONES)
