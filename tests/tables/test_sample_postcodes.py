"""Postcodes of generated orders begin with the region's prefix and look as their country writes them."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.tables.sample_postcodes import draw_postcodes


@pytest.mark.parametrize(
    ("country", "prefix", "shape"),
    [
        ("US", "100", r"^100\d{2}$"),
        ("DE", "1", r"^1\d{4}$"),
        ("GB", "SW", r"^SW\d \d[A-Z]{2}$"),
        ("CA", "M", r"^M\d[A-Z] \d[A-Z]\d$"),
        ("BR", "01", r"^01\d{3}-\d{3}$"),
        ("NL", "10", r"^10\d{2} [A-Z]{2}$"),
        ("IE", "D", r"^D\d{2} [A-Z]{2}\d{2}$"),
        ("PL", "00", r"^00-\d{3}$"),
        ("SE", "1", r"^1\d{2} \d{2}$"),
        ("LV", "LV1", r"^LV-1\d{3}$"),
    ],
)
def test_a_postcode_is_the_prefix_and_what_the_country_adds(country: str, prefix: str, shape: str) -> None:
    drawn = draw_postcodes([(country, prefix)], np.zeros(50, dtype=np.int64), np.random.default_rng(1))
    assert drawn.str.contains(shape).all()
    assert drawn.n_unique() > 10


def test_a_region_without_prefix_has_no_postcodes() -> None:
    drawn = draw_postcodes([("AE", "")], np.zeros(3, dtype=np.int64), np.random.default_rng(1))
    assert drawn.to_list() == [None, None, None]


def test_each_row_gets_a_postcode_of_its_own_region() -> None:
    rows = np.array([1, 0, 1, 2], dtype=np.int64)
    drawn = draw_postcodes([("US", "100"), ("GB", "M"), ("AE", "")], rows, np.random.default_rng(1)).to_list()
    assert [each and each[:1] for each in drawn] == ["M", "1", "M", None]
