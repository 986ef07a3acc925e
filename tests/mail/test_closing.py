"""Serials have no gaps and begin anew each year; the number of a receptacle says what it weighs and holds."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.codes import dispatch, receptacle
from entrepost.mail.closing import (
    Series,
    check_fit,
    count_items,
    mark_last,
    next_dispatch,
    number_receptacle,
    series_of,
    to_unit,
)
from entrepost.mail.receptacle import Count
from tests.mail.bags import PACKET, REGISTERED, SERIES

LETTERS = series_of(SERIES)


def test_known_dispatches_come_out_of_their_parts(shared: Path) -> None:
    for known in json.loads((shared / "postal/vectors/s8_s9.json").read_text())["constructed_valid"]:
        code = dispatch.parse(known["dispatch_id"])
        series = series_of(known["dispatch_id"])
        year = 2020 + code.year_digit
        assert series.number(year, code.serial) == known["dispatch_id"]
        before = (series.number(year, code.serial - 1), year) if code.serial > 1 else None
        assert next_dispatch(series, date(year, 5, 1), before) == (known["dispatch_id"], year)


def test_known_receptacles_come_out_of_weight_contents_and_place(shared: Path) -> None:
    for known in json.loads((shared / "postal/vectors/s8_s9.json").read_text())["constructed_valid"]:
        for row in known["receptacles"]:
            said = row["parsed"]
            if said["registered_or_insured"] == 9:
                continue  # whether anything is registered is always known of what we close ourselves
            held = [REGISTERED] if said["registered_or_insured"] else [PACKET]
            weight = said["weight_100g"] * 100
            made = number_receptacle(known["dispatch_id"], said["receptacle_serial"], weight, held)
            assert (mark_last(made) if said["highest_numbered"] else made) == row["receptacle_id"]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_serials_have_no_gaps_within_a_year_and_begin_at_one_in_each(days: list[int]) -> None:
    day, last, seen = date(2025, 12, 1), None, {}
    for step in days:
        day += timedelta(days=step)
        last = next_dispatch(LETTERS, day, last)
        code = dispatch.parse(last[0])
        assert (last[1], code.year_digit) == (day.year, day.year % 10)
        seen.setdefault(last[1], []).append(code.serial)
    assert all(serials == list(range(1, len(serials) + 1)) for serials in seen.values())


def test_a_clock_that_goes_back_over_new_year_makes_no_second_dispatch_of_a_number() -> None:
    assert next_dispatch(LETTERS, date(2026, 12, 31), (LETTERS.number(2027, 3), 2027)) == (
        LETTERS.number(2027, 4),
        2027,
    )


def test_a_year_has_9999_dispatches_and_a_dispatch_999_receptacles() -> None:
    with pytest.raises(MisuseError, match="no number left"):
        next_dispatch(LETTERS, date(2026, 12, 31), (LETTERS.number(2026, 9999), 2026))
    with pytest.raises(MisuseError, match="close it first"):
        number_receptacle(LETTERS.number(2026, 1), 1000, 1_000, [])


@pytest.mark.parametrize(("weight", "unit"), [(1, 100), (149, 100), (150, 200), (1_250, 1_300), (999_900, 999_900)])
def test_weights_are_rounded_to_the_nearest_hundred_grams(weight: int, unit: int) -> None:
    assert to_unit(weight) == unit
    assert receptacle.parse(number_receptacle(LETTERS.number(2026, 1), 1, weight, [])).weight_g == unit


@pytest.mark.parametrize("weight", [0, -1, 999_901])
def test_a_weight_that_no_number_can_say_is_refused(weight: int) -> None:
    with pytest.raises(MisuseError, match="weigh it"):
        number_receptacle(LETTERS.number(2026, 1), 1, weight, [])


def test_letters_with_goods_are_counted_as_format_e_and_parcels_have_none() -> None:
    assert (count_items("U", 3), count_items("C", 3), count_items("T", 0)) == ((Count("E", 3),), (Count("", 3),), ())


@pytest.mark.parametrize(
    ("item_id", "country", "holds", "code"),
    [
        (PACKET, "US", "any", ""),
        (REGISTERED, "US", "registered", ""),
        (PACKET, "CA", "any", "content_destination_differs"),
        ("EE000000005NL", "US", "any", "content_class_differs"),
        (REGISTERED, "US", "ordinary", "content_flag_differs"),
        (PACKET, "US", "registered", "content_flag_differs"),
    ],
)
def test_what_fits_into_a_bag_of_letters_for_new_york(item_id: str, country: str, holds: str, code: str) -> None:
    assert [each.code for each in check_fit(item_id, country, LETTERS, holds)] == ([code] if code else [])


@pytest.mark.parametrize("text", ["", "NLHAGIUSJFKAAU", "NLHAGIUSJFKAEUN", "NLHAGIUSJFKAAXN", "XXHAGIUSJFKAAUN"])
def test_what_is_no_series_is_refused(text: str) -> None:
    with pytest.raises(MisuseError):
        series_of(text)


def test_a_series_writes_itself_as_its_dispatches_begin() -> None:
    assert str(Series("NLHAGI", "USJFKA", "A", "UA")) == "NLHAGIUSJFKAAUA"
    assert (LETTERS.mail_class, LETTERS.is_transit, series_of("NLHAGIUSJFKAAUA").is_transit) == ("U", False, True)
    with pytest.raises(MisuseError, match="six capitals"):
        Series("nlhagi", "USJFKA", "A", "UN")
