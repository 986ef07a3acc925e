"""The rounds of an account: by one process at a time, with what holds today, and alarms now and then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.messages import plain_lines
from entrepost.messages.itmatt import Itmatt
from entrepost.messages.plain import to_plain
from entrepost.operations.chores import Turns
from entrepost.operations.exchange import Means
from entrepost.operations.exchange_records import CameMessage
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.partners import get_partners, put_partners
from entrepost.operations.exchanging.rounds import RoundParams, Rounds, list_running
from entrepost.operations.store import Store
from tests.messages.advance import LAMP
from tests.operations.exchanging.world import PARTNERS, Box
from tests.operations.shop import NOW, FixedClock, store_in

PARAMS = RoundParams()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = store_in(tmp_path)
    put_partners(made, "main", PARTNERS)
    yield made
    made.close()


def rounds(store: Store, box: Box, opened: list[Means] | None = None) -> Rounds:
    def open_means(books: Store, tenant: str) -> Means:
        means = Means(tenant, get_partners(books, tenant), {"folder": box}, APPLIERS)
        if opened is not None:
            opened.append(means)
        return means

    return Rounds(store, "main", Turns(store, timedelta(seconds=PARAMS.lease_seconds)), open_means)


def advance(number: int) -> bytes:
    head = plain_lines.Head("DE101", "CN101", f"{number:08d}", NOW, 1)
    return plain_lines.write(head, [to_plain(Itmatt(replace(LAMP, item_id="LX000000005DE")))])


def wait(store: Store, seconds: float) -> None:
    clock = store.clock
    assert isinstance(clock, FixedClock)
    clock.instant += timedelta(seconds=seconds)


def test_one_of_two_makes_the_rounds_and_the_other_goes_on_at_once_when_it_ends(store: Store) -> None:
    first, second = rounds(store, Box()), rounds(store, Box())
    assert list_running(store, ["main"]) == []
    assert (first.go() is not None, second.go()) == (True, None)
    assert list_running(store, ["main", "other"]) == ["main"]
    first.close()
    assert list_running(store, ["main"]) == []
    assert second.go() is not None


def test_who_dies_holds_the_rounds_up_for_no_longer_than_its_lease(store: Store) -> None:
    dead, next_one = rounds(store, Box()), rounds(store, Box())
    dead.go()
    wait(store, PARAMS.lease_seconds - 1)
    assert next_one.go() is None
    wait(store, 2)
    assert next_one.go() is not None
    assert dead.go() is None, "and who was only slow finds that it has them no more"


def test_a_long_round_keeps_its_lease_and_ends_where_it_is_told_to(store: Store) -> None:
    box = Box()
    slow, other = rounds(store, box), rounds(store, Box())
    for number in range(1, 4):
        box.arrive(advance(number), f"t{number}")
    slow.params = replace(PARAMS, batch_bytes=1)
    heard: list[int] = []

    def tell(count: int) -> None:
        heard.append(count)
        wait(store, PARAMS.lease_seconds * 0.9)
        assert other.go() is None
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        slow.go(tell)
    states = [row.state for row in store.exchange.list_with(CameMessage, "main", {})]
    assert (heard, states, sorted(box.done)) == ([1, 2], ["applied", "duplicate"], ["t1", "t2"])


def test_ways_are_opened_anew_when_partners_or_the_day_have_changed(store: Store) -> None:
    opened: list[Means] = []
    mine = rounds(store, Box(), opened)
    mine.go()
    mine.go()
    assert len(opened) == 1
    put_partners(store, "main", replace(PARTNERS, offices=()))
    mine.go()
    assert (len(opened), opened[-1].partners.offices) == (2, ())
    wait(store, 86_400)
    mine.go()
    assert len(opened) == 3


def test_silence_is_looked_for_now_and_then_and_told_once(store: Store) -> None:
    mine = rounds(store, Box())
    row = CameMessage("main", "", "c", "DEA", "DE101", "1", "EMSEVT", "", "original", "", "", "applied", "", NOW, NOW)
    hours = [NOW - timedelta(hours=each) for each in range(4, 24 * 60)]
    store.exchange.put([replace(row, entry=f"{at} {n}", created_at=at, told_at=at) for at in hours for n in range(5)])
    assert [(each.operator, each.kind) for each in mine.look()] == [("DEA", "silence")]
    assert mine.look() == []
    wait(store, PARAMS.alarm_seconds)
    assert mine.look() == [], "it is still open, and was told"


def test_pauses_are_above_nothing() -> None:
    with pytest.raises(MisuseError, match="above 0"):
        RoundParams(idle_seconds=0)
