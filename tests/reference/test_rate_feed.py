"""Rates that are read daily from where the operator says: a file, a folder, a URL."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.reference.added import folder_of
from entrepost.reference.fx import FEED, add_rates, known_rates
from entrepost.reference.rate_feed import find_looked, look_again

NOW = datetime(2031, 5, 7, 9, 0, tzinfo=UTC)
TODAY, BEFORE = NOW.date(), NOW.date() - timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is named, where none is yet."""
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    monkeypatch.setenv("ENTREPOST_RATES", str(tmp_path / "rates.csv"))
    return tmp_path / "rates.csv"


def nobody(url: str) -> bytes:
    raise UnreadableInputError(f"{url} is away")


def write(place: Path, *rows: str) -> None:
    place.write_text("\n".join(["currency,day,rate", *rows]) + "\n", encoding="utf-8")


def dollar() -> Fraction | None:
    return known_rates().find("USD", TODAY)


def test_without_a_named_place_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOST_RATES", "")
    assert look_again(NOW, nobody) is None
    assert not folder_of(FEED).exists()


def test_a_file_is_read_once_a_day_and_at_once_when_it_is_another_one(place: Path) -> None:
    write(place, f"USD,{TODAY},1.2")
    looked = look_again(NOW, nobody)
    assert looked is not None
    assert (looked.rates, looked.last, looked.wrong, dollar()) == (1, TODAY, "", Fraction("1.2"))
    assert look_again(NOW + 23 * HOUR, nobody) is None
    write(place, f"USD,{TODAY},1.25", f"JPY,{TODAY},150")
    assert look_again(NOW + HOUR, nobody) is not None
    assert dollar() == Fraction("1.25")
    assert look_again(NOW + 24 * HOUR, nobody) is None
    assert look_again(NOW + 25 * HOUR, nobody) is not None


def test_a_file_that_is_away_is_told_and_what_was_read_stays(place: Path) -> None:
    write(place, f"USD,{TODAY},1.2")
    look_again(NOW, nobody)
    place.unlink()
    looked = look_again(NOW + HOUR, nobody)
    assert looked is not None
    assert "cannot be read" in looked.wrong
    assert (looked.last, dollar(), find_looked()) == (TODAY, Fraction("1.2"), looked)
    assert look_again(NOW + HOUR + HOUR / 2, nobody) is None
    assert look_again(NOW + 2 * HOUR, nobody) is not None


def test_of_a_folder_the_last_file_counts_most(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place.parent / "folder"
    folder.mkdir()
    monkeypatch.setenv("ENTREPOST_RATES", str(folder))
    write(folder / "2031-05-06.csv", f"USD,{TODAY},1.1", f"JPY,{TODAY},150")
    write(folder / "2031-05-07.csv", f"USD,{TODAY},1.2")
    (folder / "notes.txt").write_text("none of it")
    look_again(NOW, nobody)
    assert (dollar(), known_rates().find("JPY", TODAY)) == (Fraction("1.2"), Fraction(150))
    write(folder / "2031-05-08.csv", f"USD,{TODAY},1.3")
    look_again(NOW + HOUR, nobody)
    assert dollar() == Fraction("1.3")


def test_a_url_that_states_one_day_at_a_time_is_asked_once_a_day_and_no_day_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENTREPOST_RATES", "https://rates.example/eurofxref.csv")
    asked: list[str] = []

    def answer(url: str) -> bytes:
        asked.append(url)
        return f"Date, USD, \n{6 + len(asked):02d} May 2031, 1.{len(asked)}, \n".encode()

    for hours in (0, 1, 23, 24, 30):
        look_again(NOW + hours * HOUR, answer)
    assert asked == ["https://rates.example/eurofxref.csv"] * 2
    found = [known_rates().find_last("USD", day, 0) for day in (TODAY, TODAY + timedelta(days=1))]
    assert [each and each.rate for each in found] == [Fraction("1.1"), Fraction("1.2")]
    assert look_again(NOW + 60 * HOUR, nobody) is not None
    assert dollar() == Fraction("1.1")


def test_a_rate_that_jumps_is_left_out_until_somebody_adds_it(place: Path) -> None:
    write(place, f"USD,{BEFORE},1.2", f"USD,{TODAY},12", f"USD,{TODAY + timedelta(days=1)},1.21")
    looked = look_again(NOW, nobody)
    assert looked is not None
    assert looked.wrong == f"USD is 12 on {TODAY} after 1.2"
    assert (dollar(), looked.rates) == (Fraction("1.2"), 2)
    write(place.parent / "by_hand.csv", f"USD,{TODAY},12")
    add_rates(place.parent / "by_hand.csv")
    assert dollar() == 12


def test_what_was_added_by_hand_goes_before_what_is_read(place: Path) -> None:
    write(place.parent / "by_hand.csv", f"USD,{TODAY},1.3")
    add_rates(place.parent / "by_hand.csv")
    write(place, f"USD,{TODAY},1.2")
    look_again(NOW, nobody)
    assert dollar() == Fraction("1.3")


def test_a_mistyped_year_does_not_stand_for_all_that_come(place: Path) -> None:
    write(place, "USD,2301-05-07,1.5", f"USD,{TODAY},1.2", "USD,2029-01-02,1.1")
    looked = look_again(NOW, nobody)
    assert looked is not None
    assert (looked.rates, looked.last) == (1, TODAY)
    assert known_rates().find("USD", date(2301, 5, 7)) is None


def test_of_the_files_it_keeps_the_one_before_stays_for_who_reads_it(place: Path) -> None:
    for number in range(4):
        write(place, f"USD,{TODAY},1.{number + 1}")
        look_again(NOW + number * HOUR, nobody)
    assert len(list(folder_of(FEED).glob("*.csv"))) == 2
    assert dollar() == Fraction("1.4")


def test_where_nothing_can_be_kept_that_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place, f"USD,{TODAY},1.2")
    (place.parent / "file").write_text("")
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(place.parent / "file"))
    looked = look_again(NOW, nobody)
    assert looked is not None
    assert looked.wrong
