"""What an account has under way."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from entrepost.reference.fx import Rates
from tests.operations.shop import FixedClock
from tests.web.inside import CARL, OTHER, VERA, Tower, tower_in

DAY = timedelta(days=1)


def test_it_tells_what_is_under_way_and_what_needs_somebody(tower: Tower) -> None:
    tower.desk.counter.count()
    html = tower.enter(VERA).look("/")
    assert '<a href="/items">4</a>' in html
    assert "awaiting payment" in html
    assert "addressee" in html
    assert '<a href="/items?status=in_transit">In transit</a></td><td class="n">1</td>' in html


def test_every_picture_has_its_table_and_the_map_takes_its_shapes_from_the_shelf(tower: Tower) -> None:
    tower.desk.counter.count()
    html = tower.enter(VERA).look("/")
    specs = dict(re.findall(r'<script type="application/json" id="spec-(\w+)">(.*?)</script>', html))
    assert list(specs) == ["map", "waits", "kept"]
    assert html.count("As a table") == 3
    layers = json.loads(specs["map"])["layer"]
    assert any(str(layer["data"].get("url", "")).startswith("/static/countries.json?v=") for layer in layers)
    assert "countries" not in json.loads(specs["map"])["datasets"]


def test_pictures_are_drawn_once_for_each_count(tower: Tower) -> None:
    tower.desk.counter.count()
    person = tower.enter(VERA)
    person.look("/")
    _, before = tower.desk.drawn["main"]
    person.look("/")
    assert tower.desk.drawn["main"][1] is before


def test_an_account_without_items_is_told_how_to_begin(tower: Tower) -> None:
    tower.desk.counter.count()
    assert "Nothing is under way yet" in tower.enter(OTHER, "other").look("/")


@pytest.mark.parametrize("page", ["/", "/orders"])
def test_rates_of_exchange_that_are_old_are_told_with_their_day(tmp_path: Path, page: str) -> None:
    with tower_in(tmp_path) as tower:
        tower.desk.counter.count()
        person = tower.enter(CARL)
        assert "Rates of exchange" not in person.look(page)
        assert isinstance(tower.store.clock, FixedClock)
        last = Rates().find_last("CNY", date(2100, 1, 1), 10**5)
        assert last is not None
        tower.store.clock.instant = datetime(last.day.year, last.day.month, last.day.day, tzinfo=UTC) + 30 * DAY
        html = tower.enter(CARL).look(page)
        assert f"Rates of exchange are of {last.day}, 30 days old. Quotes and promises go by them" in html


def test_before_the_first_count_it_says_so(tmp_path: Path) -> None:
    with tower_in(tmp_path) as tower:
        tower.desk.counter._next_at = float("inf")
        assert "being counted" in tower.enter(VERA).look("/")
