"""Books are kept by what they were computed from, in a folder that may be deleted at any time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from entrepost.journey.cache import get_book
from entrepost.network.calendar import Exceptional
from entrepost.network.network import Network
from tests.worlds import MONDAY, hub, one_warehouse

DAY = MONDAY.date()
HOLIDAY = Exceptional("closed", "DE", "", "", "*", DAY, DAY, 1.0, "holiday", "assumed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for books, and none in memory."""
    monkeypatch.setenv("ENTREPOST_CACHE", str(tmp_path))
    monkeypatch.setattr("entrepost.journey.cache._books", {})
    return tmp_path


def slower(network: Network) -> Network:
    return replace(network, departures=tuple(replace(row, hours_p90=13.0) for row in network.departures))


def test_a_sale_a_price_or_a_holiday_needs_no_other_book(folder: Path) -> None:
    base = one_warehouse()
    sold = replace(base, stock=(replace(base.stock[0], quantity=1),))
    dearer = replace(base, rates=tuple(replace(row, charge_item_minor=1.0) for row in base.rates))
    for network in (base, sold, dearer, replace(base, calendar=(HOLIDAY,))):
        assert get_book(network).network is network
    assert len(list(folder.rglob("*.npz"))) == 1


def test_another_duration_or_a_country_more_needs_another_book(folder: Path) -> None:
    base = one_warehouse()
    abroad = replace(base, rates=(*base.rates, replace(base.rates[0], country="FR")))
    tables = [get_book(network).table for network in (base, slower(base), abroad)]
    assert len(list(folder.rglob("*.npz"))) == 3
    assert not np.array_equal(tables[0], tables[1])


def test_books_are_kept_on_disk_and_a_torn_file_is_computed_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = get_book(hub())
    (stored,) = folder.rglob("*.npz")
    monkeypatch.setattr("entrepost.journey.cache._books", {})
    again = get_book(hub())
    assert np.array_equal(again.table, first.table)
    assert again.routes == first.routes
    stored.write_bytes(stored.read_bytes()[:100])
    monkeypatch.setattr("entrepost.journey.cache._books", {})
    assert np.array_equal(get_book(hub()).table, first.table)


def test_with_the_cache_off_nothing_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ENTREPOST_CACHE", "off")
    assert get_book(hub()) is not None
    assert list(folder.iterdir()) == []
