"""A list is searched by its index, which finds what a look at every name finds."""

import random

import numpy as np
import pytest

from benchmarks.name_variants import CHANGES
from benchmarks.ordinary_names import draw_names
from entrepost.customs.names.index import index_names
from entrepost.customs.names.search import scan_names, search_names
from entrepost.customs.screening import HOLDS

LISTED = [
    "ORLOVSKY, Maksim Petrovich",
    "Behrouz Qassemzadeh Lavasani",
    "GREY HERON STEEL TRADING LLC",
    "SILVER PETREL 7",
    "",
]


def test_a_listed_name_is_found_whatever_its_order_and_script() -> None:
    index = index_names(LISTED)
    found = search_names(index, ["Maksim Petrovich Orlovsky", "Орловский Максим Петрович", "nobody at all"], HOLDS)
    assert found.select("asked", "found").rows() == [(0, 0), (1, 0)]


def test_two_words_written_as_one_are_found_and_so_is_one_written_as_two() -> None:
    index = index_names(LISTED)
    found = search_names(index, ["greyheron steel trading", "behrouz qassem zadeh lavasani"], HOLDS)
    assert found.select("asked", "found").rows() == [(0, 2), (1, 1)]


def test_the_index_finds_what_a_scan_finds() -> None:
    names = draw_names(300, seed=3)
    index = index_names([*names, *LISTED])
    asked = [*(change(name, random.Random(1)) for name in names[:8] for change in CHANGES.values()), "", "x"]
    scores = scan_names(index, asked)
    scanned = {(int(row), int(place)) for row, place in zip(*np.nonzero(scores >= HOLDS), strict=True)}
    found = search_names(index, asked, HOLDS)
    assert set(found.select("asked", "found").rows()) == scanned
    for row, place, score in found.iter_rows():
        assert score == pytest.approx(scores[row, place])


def test_nothing_is_found_in_an_empty_list_or_for_no_name() -> None:
    assert search_names(index_names([]), ["Maksim Orlovsky"], HOLDS).is_empty()
    assert search_names(index_names(LISTED), [], HOLDS).is_empty()
    assert search_names(index_names(LISTED), ["", "\0", "\u202e"], HOLDS).is_empty()
