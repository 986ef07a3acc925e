"""Where an order goes."""

from __future__ import annotations

import time
from dataclasses import replace

import polars as pl
import pytest

from entrepost.network.network import Network
from entrepost.network.region import Region
from entrepost.tables.regions import locate
from tests.worlds import two_offices


def some_regions() -> Network:
    """London by two prefixes, Brazil by cities only, Poland by its rest."""
    regions = (
        region("GB-SW", "SW", "London", 9.0),
        region("GB-SW1", "SW1*", "London", 2.0),
        region("GB-M", "M", "Manchester", 4.0),
        region("BR-SP", "", "São Paulo", 12.0),
        region("BR-RJ", "", "Rio de Janeiro", 6.0),
        region("PL-LODZ", "", "Łódź", 1.0),
    )
    return replace(two_offices(), regions=regions)


def region(code: str, prefix: str, city: str, weight: float) -> Region:
    return Region(code, code[:2], prefix, city, 0.0, 0.0, "UTC", f"{code}-area", 1000, weight, "assumed")


def located(country: str | None, postcode: str | None, city: str | None) -> tuple[str | None, bool]:
    frame = pl.DataFrame(
        {"country": [country], "postcode": [postcode], "city": [city]},
        schema={"country": pl.String, "postcode": pl.String, "city": pl.String},
    )
    row = locate(some_regions(), frame).row(0, named=True)
    return row["region"], row["region_guessed"]


def test_longest_prefix_wins() -> None:
    assert located("GB", "SW1A 1AA", None) == ("GB-SW1", False)
    assert located("GB", "SW2 4XY", None) == ("GB-SW", False)


@pytest.mark.parametrize("postcode", ["sw1a1aa", "SW-1A 1AA", " s w1a"])
def test_spelling_of_a_postcode_does_not_matter(postcode: str) -> None:
    assert located("GB", postcode, "Manchester") == ("GB-SW1", False)


@pytest.mark.parametrize("city", ["São Paulo", "SAO PAULO", "sao-paulo", " são  paulo "])
def test_city_is_matched_without_case_and_accents(city: str) -> None:
    assert located("BR", "01001-000", city) == ("BR-SP", False)


def test_stroked_letters_are_matched_without_their_strokes() -> None:
    assert located("PL", None, "LODZ") == ("PL-LODZ", False)


def test_city_of_several_regions_is_the_heaviest_one() -> None:
    assert located("GB", None, "london") == ("GB-SW", False)


def test_city_counts_only_within_its_country() -> None:
    assert located("BR", None, "London") == ("BR-SP", True)


def test_unknown_place_is_guessed_as_the_heaviest_region() -> None:
    assert located("BR", "99999", "Nowhere") == ("BR-SP", True)
    assert located("GB", None, None) == ("GB-SW", True)


def test_country_outside_the_network_has_no_region() -> None:
    assert located("JP", "100", "Tokyo") == (None, False)
    assert located(None, None, None) == (None, False)


def test_other_columns_and_the_order_of_rows_stay() -> None:
    frame = pl.DataFrame(
        {"n": [1, 2, 3, 4], "country": ["BR", "JP", "GB", "BR"], "postcode": ["1", "1", "M1", "1"], "city": ["a"] * 4}
    )
    answer = locate(some_regions(), frame)
    assert answer.columns == ["n", "country", "postcode", "city", "region", "area", "region_guessed"]
    assert answer.get_column("n").to_list() == [1, 2, 3, 4]
    assert answer.get_column("area").to_list() == ["BR-SP-area", None, "GB-M-area", "BR-SP-area"]


def test_network_without_regions_locates_nothing() -> None:
    frame = pl.DataFrame({"country": ["GB"], "postcode": ["SW1"], "city": ["London"]})
    assert locate(replace(two_offices(), regions=()), frame).row(0)[-3:] == (None, None, False)


def test_a_hundred_thousand_rows_take_less_than_a_second() -> None:
    regions = tuple(region(f"US-{number:03d}", f"{number:03d}", f"City {number}", number) for number in range(1000))
    network = replace(two_offices(), regions=regions)
    codes = [f"{number:05d}" for number in range(100_000)]
    frame = pl.DataFrame({"country": ["US"] * len(codes), "postcode": codes, "city": [""] * len(codes)})
    began = time.perf_counter()
    answer = locate(network, frame)
    assert time.perf_counter() - began < 1.0
    assert answer.get_column("region").to_list() == [f"US-{code[:3]}" for code in codes]
