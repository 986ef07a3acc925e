"""What an account has under way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from entrepost.base.errors import NotYetError
from entrepost.reference.fx import Rates
from entrepost.web.desk import Boards
from tests.operations.exchanged import exchange
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


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Tower]:
    """A tower of one test alone."""
    with tower_in(tmp_path) as made:
        made.desk.counter.count()
        yield made


def test_it_tells_what_partners_need_of_somebody_and_leads_there(own: Tower) -> None:
    exchange(own.store)
    html = own.enter(VERA).look("/")
    rows = re.findall(r'<a href="(/messages?[^"]*)">([^<]+)</a>.*?<td class="n">([^<]+)</td>', html, re.DOTALL)
    assert [row for row in rows if row[1] != "Messages"] == [
        ("/messages?view=in&amp;partner=USA", "Partner silent", "1"),
        ("/messages?view=refused", "Messages that were refused", "1"),
        ("/messages", "Messages that wait to be applied", "1"),
    ]
    assert "USA EMSEVT: nothing came for 31 hours; 2 hours are usual, noticed 29.0 h ago" in html


def test_what_is_open_between_operators_is_counted_by_kind(own: Tower) -> None:
    exchange(own.store)
    object.__setattr__(own.desk, "boards", Boards(fail, fail, lambda _: {"dispatch_unanswered": 1234}))
    html = own.enter(VERA).look("/")
    assert '<a href="/messages/open#dispatch_unanswered-head">Dispatches that nobody answers</a>' in html
    assert '<td class="n">1,234</td>' in html
    object.__setattr__(own.desk, "boards", Boards(fail, fail, fail))
    assert "is being worked out; look again" in own.enter(VERA).look("/")


def fail(_account: str) -> Any:
    raise NotYetError


def test_an_account_that_exchanges_with_nobody_is_told_nothing_of_partners(own: Tower) -> None:
    assert "Between operators" not in own.enter(VERA).look("/")


def test_an_account_without_items_is_told_of_its_partners_all_the_same(own: Tower) -> None:
    exchange(own.store, "other")
    html = own.enter(OTHER, "other").look("/")
    assert ("Nothing is under way yet" in html, "Partner silent" in html) == (True, True)
