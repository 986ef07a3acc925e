"""The book of silences against a simulation of the same steps, and against what can be counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from entrepost.journey.silences.book import Book, write_book
from entrepost.journey.silences.known import learn_known
from entrepost.journey.silences.parts import Parts
from entrepost.journey.silences.read import Watch, read_watch
from entrepost.network.network import Network
from tests.journey.histories import uncertain_offices
from tests.journey.planted import NOW, usual
from tests.journey.silences.test_read import SLOTS, scans
from tests.planning.scenes import change_first
from tests.worlds import MONDAY, two_offices


def book_of(network: Network, events: pl.DataFrame, now: datetime, hours: int = 240) -> tuple[Book, Watch]:
    watch = read_watch(network, events, now)
    return write_book(Parts(network, watch), learn_known(watch, 0.001), hours), watch


def chance(book: Book, code: str, ago: int, hold: int = 0) -> float:
    """Of the only journey how probable silence is since a milestone so many hours ago."""
    now = book.first + book.table.shape[1] - 1
    numbers = [np.array([each], dtype=np.int32) for each in (0, SLOTS.index(code), now - ago)]
    return float(book.look_up(*numbers, np.array([hold], dtype=np.int8))[0])


def test_fixed_steps_are_silent_until_they_are_done_and_not_longer() -> None:
    """Outward takes 4 hours; export customs 1; whoever is ready on Monday waits for the flight of Tuesday 12:00."""
    now = MONDAY + timedelta(days=15, hours=10)  # a Tuesday, two hours before the flight
    book, _ = book_of(two_offices(), scans(("EMA", "CNSHAA", 24)), now)
    assert [chance(book, "EMB", ago) for ago in (0, 3)] == [1, 1]
    assert chance(book, "EMB", 5) < 0.15
    assert [chance(book, "EXC", ago) for ago in (0, 30, 90)] == pytest.approx([1, 1, 1])
    # The flight of Friday left four days ago: who was ready before it was to be scanned.
    assert chance(book, "EXC", 97) < 0.15


def test_chances_are_probabilities_and_fall_with_the_length_of_the_silence() -> None:
    book, _ = book_of(uncertain_offices(), usual(), NOW)
    assert book.table.min() >= 0
    assert book.table.max() <= 1
    for code in ("EMA", "EMB", "EXA", "EMD", "EDB"):
        falls = [chance(book, code, ago) for ago in range(200)]
        assert (np.diff(falls) <= 1e-6).all(), code


def test_the_book_agrees_with_the_silence_of_a_simulation() -> None:
    """Of 3,000 items the share that is silent so many hours after a scan, at any time of the history."""
    book, _ = book_of(uncertain_offices(), usual(), NOW)
    hours = usual().with_columns(hour=(pl.col("time").dt.epoch("us") / 3.6e9).ceil()).select("item_id", "code", "hour")
    wide = hours.unique(["item_id", "code"], keep="first").pivot("code", index="item_id", values="hour")
    for begin, end in (("EMA", "EMB"), ("EMB", "EXA"), ("EMD", "EDB")):
        lasted = (wide[end] - wide[begin]).drop_nulls()
        for ago in (2, 4, 8, 12):
            share = float((lasted > ago).mean())  # type: ignore[arg-type]
            error = 4 * np.sqrt(share * (1 - share) / lasted.len()) + 0.004
            assert chance(book, begin, ago) == pytest.approx(share, abs=error), (begin, ago)


def test_a_place_that_hardly_sends_a_code_is_not_held_to_it() -> None:
    rare = (pl.col("code") == "EDB") & (pl.col("item_id").hash(7) % 10 < 7)
    often, _ = book_of(uncertain_offices(), usual(), NOW)
    seldom, _ = book_of(uncertain_offices(), usual().filter(~rare), NOW)
    # Twelve hours after the flight inward sorting is done; silent is who is in customs, and was not scanned before.
    assert chance(often, "EMD", 12) < 0.05
    assert chance(seldom, "EMD", 12) > 5 * chance(often, "EMD", 12)


def test_an_item_that_customs_holds_is_measured_by_the_channel_that_holds() -> None:
    from dataclasses import replace

    network = two_offices()
    green = change_first(network, "clearance", share_per_million=1_000_000).clearance
    red = replace(green[1], channel="red", share_per_million=50_000, held=True, hours_min=100.0, hours_p50=100.0)
    whole = replace(
        network, clearance=(green[0], replace(green[1], share_per_million=950_000), replace(red, hours_p90=100.0))
    )
    book, _ = book_of(whole, scans(("EMA", "CNSHAA", 24)), MONDAY + timedelta(days=15))
    assert chance(book, "EDB", 50, hold=1) == pytest.approx(1.0)
    assert chance(book, "EDB", 50) < 0.2
