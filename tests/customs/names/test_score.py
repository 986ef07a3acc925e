"""Two names are scored: the same people are found alike, different ones are not, and order does not matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.customs.names.score import EVEN, score_names, score_pairs

SAME = (
    ("Maksim Petrovich Orlovsky", "ORLOVSKY, Maksim Petrovich"),
    ("Maksim Orlovsky", "Максим Орловский"),
    ("Maxim Orlovski", "Maksim Orlovsky"),
    ("Maksim Orlovksy", "Maksim Orlovsky"),
    ("M. P. Orlovsky", "Maksim Petrovich Orlovsky"),
    ("Dr. Maksim Orlovsky", "Maksim Orlovsky"),
    ("MaksimOrlovsky", "Maksim Orlovsky"),
    ("Muhammad Qassemzadeh", "Mohammed Qasemzadeh"),
    ("Grey Heron Steel Trading LLC", "Grey Heron Steel Trading Limited Liability Company"),
    ("MV Silver Petrel 7", "SILVER PETREL SEVEN"),
)
DIFFERENT = (
    ("Maksim Orlovsky", "Maksim Dubinin"),
    ("Maksim Orlovsky", "Anton Orlovsky"),
    ("Wei Wang", "Fang Wang"),
    ("Ahmed Hassan Al-Duri", "Ahmed Hassan Al-Tikriti"),
    ("Grey Heron Steel Trading LLC", "Grey Heron Foods Trading LLC"),
    ("Maksim Orlovsky", ""),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_is_found_alike(one: str, other: str) -> None:
    assert score_names(one, other) >= EVEN


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_the_different_is_not(one: str, other: str) -> None:
    assert score_names(one, other) < EVEN


NAMES = st.lists(st.text("abdegiklmnorstuvyz", min_size=2, max_size=9), min_size=1, max_size=5).map(" ".join)


@given(NAMES, NAMES)
def test_the_score_is_symmetric_and_a_percentage(one: str, other: str) -> None:
    score = score_names(one, other)
    assert score == score_names(other, one)
    assert 0 <= score <= 100


@given(st.permutations(("maksim", "petrovich", "orlovsky", "grushenka")))
def test_the_order_of_parts_does_not_matter(parts: list[str]) -> None:
    assert score_names(" ".join(parts), "Maksim Petrovich Orlovsky Grushenka") == pytest.approx(99)
    wrong = score_names("Maksin Petrovich Orlovski", "Maksim Petrovich Orlovsky Grushenka")
    shuffled = " ".join({"maksim": "Maksin", "orlovsky": "Orlovski", "grushenka": ""}.get(part, part) for part in parts)
    assert score_names(shuffled, "Maksim Petrovich Orlovsky Grushenka") == pytest.approx(wrong)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_have_a_score(one: str, other: str) -> None:
    assert 0 <= score_names(one, other) <= 100


def test_hostile_names_have_a_score_at_once() -> None:
    hostile = ("", "\0", "\u202egnilrad", "x" * 1_000_000, "a " * 500_000, "٣٤٥", "🜁")
    scores = score_pairs([(one, other) for one in hostile for other in hostile])
    assert ((scores >= 0) & (scores <= 100)).all()
